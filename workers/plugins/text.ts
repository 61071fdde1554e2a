import { setImmediate } from "node:timers/promises";
import * as v from "valibot";
import { definePlugin, handler, RequestError } from "plugboard";

const Text = v.pipe(
  v.string(),
  v.title("Text"),
  v.metadata({ examples: ["Ask the crew.\nThe crew knows.\n"] }),
);
const count = (title: string) => v.pipe(v.number(), v.title(title));

export default definePlugin({
  name: "text",
  title: "Text",
  description: "Measures a text, and finds lines in it.",
  version: "1.0.0",
  handlers: {
    stats: handler({
      title: "Measure a text",
      input: v.object({ text: Text }),
      output: v.object({
        lines: count("Lines"),
        words: count("Words"),
        characters: v.pipe(
          count("Characters"),
          v.description("As a reader counts them: an emoji or an accented letter is one."),
        ),
        bytes: v.pipe(count("Bytes"), v.description("In UTF-8.")),
        longestLine: v.pipe(count("Longest line"), v.description("In UTF-16 units.")),
        readingSeconds: v.pipe(count("Reading time"), v.description("At 230 words a minute.")),
      }),
      idempotent: true,
      async handle({ text }, { signal }) {
        const lines = linesOf(text);
        const words = await countSegments(text, "word", signal);
        return {
          lines: lines.length,
          words,
          characters: await countSegments(text, "grapheme", signal),
          bytes: new TextEncoder().encode(text).byteLength,
          longestLine: lines.reduce((longest, line) => Math.max(longest, line.length), 0),
          readingSeconds: Math.round((words / 230) * 60),
        };
      },
    }),

    search: handler({
      title: "Search a text",
      description: "Streams the lines that hold a pattern: plain text, or a regular expression.",
      input: v.object({
        text: Text,
        pattern: v.pipe(
          v.string(),
          v.minLength(1),
          v.title("Pattern"),
          v.metadata({ examples: ["crew"] }),
        ),
        regex: v.optional(v.pipe(v.boolean(), v.title("Regular expression")), false),
        ignoreCase: v.optional(v.pipe(v.boolean(), v.title("Ignore case")), false),
      }),
      chunk: v.object({
        line: v.pipe(v.number(), v.title("Line"), v.description("Counted from 1.")),
        column: v.pipe(
          v.number(),
          v.title("Column"),
          v.description("Of the first match, in UTF-16 units, counted from 1."),
        ),
        text: v.pipe(v.string(), v.title("The whole line")),
      }),
      timeoutMs: 10_000,
      async *handle({ text, pattern, regex, ignoreCase }, { signal }) {
        const matcher = compile(regex ? pattern : RegExp.escape(pattern), ignoreCase ? "iu" : "u");
        for (const [index, line] of linesOf(text).entries()) {
          if (index % 1_000 === 999) await setImmediate(undefined, { signal });
          const column = line.search(matcher);
          if (column >= 0) yield { line: index + 1, column: column + 1, text: line };
        }
      },
    }),
  },
});

/** A line break at the end of a text ends its last line; it does not begin another. */
const linesOf = (text: string): string[] => {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
};

const countSegments = async (
  text: string,
  granularity: "word" | "grapheme",
  signal: AbortSignal,
): Promise<number> => {
  let [seen, counted] = [0, 0];
  for (const segment of new Intl.Segmenter("en", { granularity }).segment(text)) {
    if (segment.isWordLike ?? true) counted++; // Only words tell: spaces between them are not.
    if (++seen % 10_000 === 0) await setImmediate(undefined, { signal });
  }
  return counted;
};

const compile = (source: string, flags: string): RegExp => {
  try {
    return new RegExp(source, flags);
  } catch (cause) {
    const message = `The pattern ${JSON.stringify(source)} is not a regular expression: ${cause}.`;
    throw new RequestError("INVALID_REQUEST", message, { cause });
  }
};
