/** What the scan of one file found. */
export type Scan = {
  imports: { specifier: string; line: number; typeOnly: boolean }[];
  /** The first line that uses the global `Deno` or `Bun`. */
  runtimeGlobal?: number;
};

// In this order: comment, string, regular expression (where an operand is expected).
const TOKEN =
  /\/\/[^\n]*|\/\*[^]*?\*\/|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|`|(?<=(?:[(,=:[!&|?{};+\n]|=>|return)\s*)\/(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;
const START = /(?:^|[;}\n])\s*/.source;
const STATEMENT = new RegExp(`${START}(?:import|export)\\b(\\s+type\\b)?[^;"(]*?"(\\d+)"`, "g");
const DYNAMIC = /\bimport\s*\(\s*"(\d+)"/g;
const GLOBAL = /(?<![.\w$])(?:globalThis\s*\??\.\s*)?(?:Deno|Bun)\s*(?:\??\.|\[)/;

/**
 * Finds the imports of a TypeScript file: `import`, `export … from`, `import("…")`. It reads text,
 * as a bundler's list of inputs would lack the imports of types, which the rules cover as well.
 * What looks like an import in a comment, string or template is none.
 */
export const scanImports = (source: string): Scan => {
  const { code, strings } = blank(source);
  const lineAt = (index: number) => code.slice(0, index).split("\n").length;
  const found = (match: RegExpMatchArray, index: string, typeOnly: boolean) => ({
    specifier: strings[Number(index)] ?? "",
    line: lineAt((match.index ?? 0) + match[0].length),
    typeOnly,
  });
  const imports = [
    ...[...code.matchAll(STATEMENT)].filter(([text]) => /(?:from|import)\s*"\d+"$/.test(text))
      .map((match) => found(match, match[2] ?? "", match[1] !== undefined)),
    ...[...code.matchAll(DYNAMIC)].map((match) => found(match, match[1] ?? "", false)),
  ];
  const global = code.match(GLOBAL);
  return { imports, ...(global === null ? {} : { runtimeGlobal: lineAt(global.index ?? 0) }) };
};

/** The code with each string as its number, and without comments, templates and expressions. */
const blank = (source: string): { code: string; strings: string[] } => {
  const strings: string[] = [];
  let code = "";
  let at = 0;
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(source); token !== null; token = TOKEN.exec(source)) {
    code += source.slice(at, token.index);
    at = token[0] === "`" ? templateEnd(source, token.index + 1) : TOKEN.lastIndex;
    const text = source.slice(token.index, at);
    if (/^["']/.test(text)) code += `"${strings.push(text.slice(1, -1)) - 1}"`;
    else code += text.startsWith("/") ? " " + newlines(text) : `""${newlines(text)}`;
    TOKEN.lastIndex = at;
  }
  return { code: code + source.slice(at), strings };
};

const newlines = (text: string): string => "\n".repeat(text.split("\n").length - 1);

/** Where the template that begins before `at` ends, counting those inside its `${…}`. */
const templateEnd = (source: string, at: number): number => {
  let depth = 0;
  for (let i = at; i < source.length; i++) {
    const char = source[i];
    if (char === "\\") i++;
    else if (char === "`" && depth === 0) return i + 1;
    else if (char === "`") i = templateEnd(source, i + 1) - 1;
    else if (char === "{" && (depth > 0 || source[i - 1] === "$")) depth++;
    else if (char === "}" && depth > 0) depth--;
  }
  return source.length;
};
