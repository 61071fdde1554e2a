/** A piece of text, and the names of the classes it is shown with. */
export type AnsiPiece = { text: string; classes: string };

// Colours and styles; every other escape of a terminal means nothing in a page.
const ESCAPE =
  // deno-lint-ignore no-control-regex -- an escape begins with one
  /\x1b(?:\[([\d;]*)m|\[[\d;?]*[ -/]*[@-ln-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])/g;
const STYLES: Record<number, string> = {
  1: "bold",
  2: "dim",
  3: "italic",
  4: "underline",
  9: "strike",
};
/** What each code switches off. */
const ENDS: Record<number, string[]> = {
  22: ["bold", "dim"],
  23: ["italic"],
  24: ["underline"],
  29: ["strike"],
};

type Style = { on: Set<string>; colour?: string; ground?: string };

/** Takes a text with the escapes of a terminal apart: the 16 colours, bold, dim, italic and such. */
export const parseAnsi = (text: string): AnsiPiece[] => {
  const pieces: AnsiPiece[] = [];
  let style: Style = { on: new Set() };
  let at = 0;
  const add = (end: number): void => {
    if (end === at) return;
    const classes = [...style.on, style.colour, style.ground].filter(Boolean).join(" ");
    pieces.push({ text: text.slice(at, end), classes });
  };
  for (const match of text.matchAll(ESCAPE)) {
    add(match.index);
    at = match.index + match[0].length;
    if (match[1] !== undefined) style = apply(style, match[1].split(";").map(Number));
  }
  add(text.length);
  return pieces;
};

const apply = (before: Style, codes: number[]): Style => {
  let style = before;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    const named = STYLES[code];
    // 38;5;n and 38;2;r;g;b: of these only the 16 that have a name are shown.
    if (code === 38 || code === 48) {
      const isIndexed = codes[i + 1] === 5;
      const index = isIndexed ? codes[i + 2] ?? 16 : 16;
      const part = code === 38 ? "colour" : "ground";
      style = {
        ...style,
        [part]: index < 16 ? `${code === 38 ? "f" : "b"}${index % 8}` : undefined,
      };
      i += isIndexed ? 2 : 4;
    } else if (code === 0) style = { on: new Set() };
    else if (named) style = { ...style, on: new Set([...style.on, named]) };
    else if (ENDS[code]) style = { ...style, on: style.on.difference(new Set(ENDS[code])) };
    else if (code === 39) style = { ...style, colour: undefined };
    else if (code === 49) style = { ...style, ground: undefined };
    else if (isColour(code, 30)) style = { ...style, colour: `f${code % 10}` };
    else if (isColour(code, 40)) style = { ...style, ground: `b${code % 10}` };
  }
  return style;
};

/** The eight colours from a code on, and the bright ones 60 further. */
const isColour = (code: number, from: number): boolean =>
  (code >= from && code < from + 8) || (code >= from + 60 && code < from + 68);
