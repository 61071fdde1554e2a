import { isInexact } from "./isInexact.ts";

/** A value read out of a control; with a problem, the nearest to it. */
export type Parsed = { value: unknown; problem?: string };

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;
/** No input may nest as deep as this: see `MAX_DEPTH`. */
const TOO_DEEP = 1_000;

/**
 * Reads JSON, or says what is wrong with it and where, lines and columns counted from 1.
 * @param revive gives what takes the place of a value in it
 */
export const parseJson = (
  text: string,
  revive: (value: unknown) => unknown = (value) => value,
): Parsed => {
  try {
    const inexact: string[] = [];
    // The third argument is newer than its type, and than some browsers.
    const value = JSON.parse(text, (_key, value, context?: { source?: string }) => {
      const source = typeof value === "number" ? context?.source : undefined;
      if (source !== undefined && isInexact(source)) inexact.push(source);
      return revive(value);
    });
    const [first] = inexact;
    return first === undefined ? { value } : { value: text, problem: inexactText(first) };
  } catch {
    // Not from the error: engines word it differently, and some do not say where.
    const { at, wanted } = findFault(text);
    const lines = text.slice(0, at).split("\n");
    const found = text.codePointAt(at);
    const instead = found === undefined ? "the end" : JSON.stringify(String.fromCodePoint(found));
    const place = `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
    return { value: text, problem: `Not JSON at ${place}: ${wanted} expected, not ${instead}.` };
  }
};

/** Why a number cannot be sent as it is written. */
export const inexactText = (written: string): string =>
  `${written} is more than a number can hold: it would be sent as ${Number(written)}.`;

const findFault = (text: string): { at: number; wanted: string } => {
  let at = 0;
  const take = (token: RegExp | string): boolean => {
    const sticky = typeof token === "string" ? undefined : token;
    if (sticky) sticky.lastIndex = at;
    const taken = sticky ? sticky.exec(text)?.[0] : text.startsWith(`${token}`, at) && token;
    if (typeof taken === "string") at += taken.length;
    return typeof taken === "string";
  };
  const takeAfterSpace = (token: RegExp | string): boolean => take(SPACE) && take(token);

  /** What is wanted where it stops; nothing when it got through. */
  const value = (depth: number): string | undefined => {
    if (depth > TOO_DEEP) return "less nesting";
    if (takeAfterSpace("{")) return list("}", () => pair(depth + 1));
    if (take("[")) return list("]", () => value(depth + 1));
    return take(STRING) || take(SCALAR)
      ? undefined
      : text[at] === '"'
      ? "a sound string"
      : "a value";
  };
  const pair = (depth: number): string | undefined => {
    if (!takeAfterSpace(STRING)) return "a name in double quotes";
    return takeAfterSpace(":") ? value(depth) : "a colon";
  };
  const list = (end: string, member: () => string | undefined): string | undefined => {
    if (takeAfterSpace(end)) return;
    do {
      const wanted = member();
      if (wanted) return wanted;
      if (takeAfterSpace(end)) return;
    } while (take(","));
    return `a comma or ${end}`;
  };

  const wanted = value(0) ?? (take(SPACE) && "the end");
  return { at, wanted: `${wanted}` };
};
