/** A part of a document: text, or an element of a small set with what is in it. */
export type MarkdownNode = string | { tag: string; href?: string; children: MarkdownNode[] };

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/;
const RULE = /^ {0,3}([-*_])(?: *\1){2,} *$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3}(?:[-*+]|(\d{1,9})[.)]))(?: +|$)/;
const TABLE_LINE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$/;
const BLANK = /^\s*$/;
/** Deeper than this nobody nests, unless to hurt. */
const MAX_DEPTH = 20;

/** Parses the part of Markdown that people use. HTML in it stays text, and pictures become links. */
export const parseMarkdown = (text: string): MarkdownNode[] =>
  parseBlocks(text.replaceAll("\t", "    ").split(/\r?\n/), 0);

const element = (tag: string, children: MarkdownNode[]): MarkdownNode => ({ tag, children });

const listTag = (line = ""): string | undefined => {
  const item = ITEM.exec(line);
  return item ? (item[2] === undefined ? "ul" : "ol") : undefined;
};

const parseBlocks = (lines: string[], depth: number): MarkdownNode[] => {
  const nodes: MarkdownNode[] = [];
  let at = 0;
  /** The lines from here on that are wanted. */
  const take = (wanted: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && wanted(lines[at]!)) at++;
    return lines.slice(from, at);
  };
  const inner = (of: string[]): MarkdownNode[] =>
    depth < MAX_DEPTH ? parseBlocks(of, depth + 1) : [of.join("\n")];

  while (at < lines.length) {
    const line = lines[at]!;
    const [, fence] = FENCE.exec(line) ?? [];
    const heading = HEADING.exec(line);
    if (BLANK.test(line)) at++;
    else if (fence !== undefined) {
      at++;
      const code = take((one) => !one.trimStart().startsWith(fence));
      at++;
      nodes.push(element("pre", [code.join("\n")]));
    } else if (heading) {
      at++;
      // The page has headings of its own above these.
      nodes.push(element(`h${Math.min(6, heading[1]!.length + 3)}`, parseInline(heading[2]!, 0)));
    } else if (RULE.test(line)) {
      at++;
      nodes.push(element("hr", []));
    } else if (QUOTE.test(line)) {
      const quoted = take((one) => QUOTE.test(one)).map((one) => one.replace(QUOTE, ""));
      nodes.push(element("blockquote", inner(quoted)));
    } else if (listTag(line) !== undefined) {
      const tag = listTag(line)!;
      const items: MarkdownNode[] = [];
      while (listTag(lines[at]) === tag && !RULE.test(lines[at]!)) {
        const indent = ITEM.exec(lines[at]!)![0].length;
        const first = lines[at++]!.slice(indent);
        const rest = take((one) => BLANK.test(one) || /^ {2}/.test(one));
        const [only, ...more] = inner([first, ...rest.map((one) => one.replace(/^ {2,4}/, ""))]);
        // An item of one paragraph is its text.
        const isText = typeof only === "object" && only.tag === "p";
        items.push(element("li", [...(isText ? only.children : only ? [only] : []), ...more]));
      }
      nodes.push(element(tag, items));
    } else if (line.includes("|") && TABLE_LINE.test(lines[at + 1] ?? "")) {
      const [head = "", , ...body] = take((one) => one.includes("|"));
      nodes.push(element("table", [
        element("thead", [toRow(head, "th")]),
        element("tbody", body.map((row) => toRow(row, "td"))),
      ]));
    } else {
      const isText = (one: string) =>
        ![BLANK, FENCE, HEADING, RULE, QUOTE, ITEM].some((other) => other.test(one));
      const text = take((one) => one === line || isText(one)).join("\n");
      nodes.push(element("p", parseInline(text, 0)));
    }
  }
  return nodes;
};

const toRow = (line: string, tag: string): MarkdownNode =>
  element(
    "tr",
    line.replace(/^\s*\||\|\s*$/g, "").split("|").map((cell) =>
      element(tag, parseInline(cell.trim(), 0))
    ),
  );

// Code, strong, emphasis, struck out, a link or picture, a bare address. Each is bounded, so that
// no text takes long.
const INLINE =
  /(`+)([^`]{1,2000})\1|(\*\*|__)(?=\S)(.{1,2000}?)\3|(?<![\w*])([*_])(?=[^\s*_])(.{1,2000}?)\5(?!\w)|~~(.{1,2000}?)~~|!?\[([^\]]{0,500})\]\(([^\s()]{1,2000})(?: "[^"]{0,200}")?\)|<?(https?:\/\/[^\s<>)]{1,2000})>?/s;

const parseInline = (text: string, depth: number): MarkdownNode[] => {
  const nodes: MarkdownNode[] = [];
  const inner = (of = ""): MarkdownNode[] => depth < MAX_DEPTH ? parseInline(of, depth + 1) : [of];
  for (let rest = text; rest !== "";) {
    const found = INLINE.exec(rest);
    if (!found) return [...nodes, rest];
    const [all, , code, , strong, , em, struck, label, target, bare] = found;
    if (found.index > 0) nodes.push(rest.slice(0, found.index));
    rest = rest.slice(found.index + all.length);
    const href = target ?? bare;
    if (code !== undefined) nodes.push(element("code", [code]));
    else if (strong !== undefined) nodes.push(element("strong", inner(strong)));
    else if (em !== undefined) nodes.push(element("em", inner(em)));
    else if (struck !== undefined) nodes.push(element("s", inner(struck)));
    else if (href === undefined || !/^https?:\/\//i.test(href)) nodes.push(all);
    else nodes.push({ tag: "a", href, children: [label || href] });
  }
  return nodes;
};
