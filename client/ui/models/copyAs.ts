import type { HandlerEntry, JsonSchema } from "../../../common/schemas/catalog.ts";
import { routeTo } from "./routeModel.ts";

/**
 * What is to be copied: an input as JSON, without bytes and secrets, for a handler of a gateway;
 * `task` is how a command begins where that runs.
 */
export type Copied = { entry: HandlerEntry; json: string; url: string; task: string };

/** Where the command `call` looks when it is not told. */
const DEFAULT_URL = "http://127.0.0.1:8080";

/** The ways to write a request down, by what a person calls them. */
export const copyAs: Record<"Link" | "TypeScript" | "Command" | "JSON", (from: Copied) => string> =
  {
    Link: ({ entry, json, url }) => `${url}/${routeTo(entry.type, json)}`,
    TypeScript({ entry, json }) {
      const bytes = filesOf(entry.input).map((name) => [name, BYTES]);
      const value = json ? JSON.parse(json) : undefined;
      const payload = bytes.length > 0 ? { ...Object.fromEntries(bytes), ...value } : value;
      const args = [entry.type, ...payload === undefined ? [] : [payload]].map(toSource);
      const request = `makeBackendRequest(${args.join(", ")})`;
      return entry.streams
        ? `for await (const chunk of ${request}) console.log(chunk);`
        : `const result = await ${request};`;
    },
    Command({ entry, json, url, task }) {
      const files = filesOf(entry.input).flatMap((name) => ["--file", shellQuote(`${name}=PATH`)]);
      const gateway = url === DEFAULT_URL ? [] : ["--url", shellQuote(url)];
      const payload = json ? [shellQuote(json)] : [];
      return [`${task} call`, entry.type, ...payload, ...files, ...gateway].join(" ");
    },
    JSON: ({ json }) => json && JSON.stringify(JSON.parse(json), null, 2),
  };

/** What stands for bytes until they are written as source; no text of an input is the same. */
const BYTES = "\0bytes";

/** TypeScript for a value that JSON can say: keys are quoted only where they must be. */
const toSource = (value: unknown): string => {
  const lines = JSON.stringify(value, null, 2).replace(/^( +)"([A-Za-z_$][\w$]*)":/gm, "$1$2:")
    .replaceAll(JSON.stringify(BYTES), "new Uint8Array(/* the file's bytes */)");
  return lines.length > 80 ? lines : lines.replace(/\n */g, " ");
};

/** The parts of an input that must be files. */
const filesOf = ({ properties, required }: JsonSchema): string[] =>
  Object.entries(properties ?? {}).flatMap(([name, { format }]) =>
    format === "binary" && Array.isArray(required) && required.includes(name) ? [name] : []
  );

/** Any text as one word of a POSIX shell. */
const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
