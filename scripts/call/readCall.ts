import { readFile } from "node:fs/promises";
import process from "node:process";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import * as v from "valibot";
import { TimeoutMs } from "../../common/schemas/asked.ts";
import { RequestType } from "../../common/schemas/ids.ts";
import { MAX_TIMEOUT_MS } from "../../common/schemas/limits.ts";
import { TASK } from "../../common/task.ts";

/** What the command line asks for. */
export type Wanted =
  & { url: string; token?: string; timeoutMs?: number; quiet: boolean }
  & ({ list: "lines" | "json" } | { list?: undefined; type: string; payload: unknown });

/** What to print instead, and the exit code: 0 for `--help`, 2 for wrong usage. */
export type Told = { message: string; code: number };

const HELP = `Calls a handler and prints what it answers.

  ${TASK} call TYPE [PAYLOAD] [options]
  ${TASK} call --list [--json]

TYPE              plugin.handler, such as math.add
PAYLOAD           JSON; {} when it is left out; - reads it from standard input
--file NAME=PATH  puts the bytes of a file at NAME of the payload; may be repeated
--timeout MS      milliseconds the answer may take; default: the handler's own time
--url URL         the gateway; default: PLUGBOARD_URL, else http://127.0.0.1:8080
--token TOKEN     what the gateway wants to be shown; default: AUTH_TOKEN
--quiet           neither progress nor the handler's log lines
--list            prints every handler: its type, whether it gives one result or a stream, its title
--json            with --list: prints the whole catalog, with its schemas
--help            prints this

The result, or each chunk of a stream as it arrives, is one line of JSON on standard output; bytes
within it are base64. A result or chunk that is itself bytes is written as it is. Progress (on a
terminal), the handler's log lines and an error (JSON) go to standard error.
Exit code: 0, 1 when the request failed, 2 for wrong usage, 130 after Ctrl-C.`;

const OPTIONS = {
  file: { type: "string", multiple: true },
  timeout: { type: "string" },
  url: { type: "string" },
  token: { type: "string" },
  quiet: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** Reads the command line, and with it the payload from standard input and files. */
export const readCall = async (args: string[]): Promise<Wanted | Told> => {
  try {
    return await read(args);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { message: `${why}\nSee "${TASK} call --help".`, code: 2 };
  }
};

const read = async (args: string[]): Promise<Wanted | Told> => {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  if (values.help) return { message: HELP, code: 0 };
  const common = {
    url: values.url ?? (process.env.PLUGBOARD_URL || "http://127.0.0.1:8080"),
    token: values.token ?? (process.env.AUTH_TOKEN || undefined),
    timeoutMs: values.timeout === undefined ? undefined : readTimeout(values.timeout),
    quiet: values.quiet,
  };
  if (values.list) {
    if (positionals.length > 0) throw new Error(`--list takes no "${positionals.join(" ")}".`);
    return { ...common, list: values.json ? "json" : "lines" };
  }
  if (values.json) throw new Error("--json goes with --list; an answer is always JSON.");
  const [type, payload, ...more] = positionals;
  if (type === undefined) throw new Error("The request type is missing.");
  if (more.length > 0) throw new Error(`"${more.join(" ")}" is too much: quote the payload.`);
  const parsed = v.safeParse(RequestType, type);
  if (!parsed.success) throw new Error(`${parsed.issues[0].message} Got "${type}".`);
  return { ...common, type, payload: await readPayload(payload, values.file) };
};

const readTimeout = (given: string): number => {
  const parsed = v.safeParse(TimeoutMs, /^\d+$/.test(given) ? Number(given) : given);
  if (parsed.success) return parsed.output;
  throw new Error(
    `--timeout cannot be "${given}": it must be milliseconds, 1 to ${MAX_TIMEOUT_MS}.`,
  );
};

const readPayload = async (given = "{}", files: string[] = []): Promise<unknown> => {
  const payload = parseJson(given === "-" ? await text(process.stdin) : given);
  if (files.length === 0) return payload;
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    throw new Error(`--file needs an object as payload to put the bytes in, not ${given}.`);
  }
  return { ...payload, ...Object.fromEntries(await Promise.all(files.map(readNamed))) };
};

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const shown = json.length > 60 ? `${json.slice(0, 60)}…` : json;
    const why = cause instanceof Error ? cause.message : cause;
    throw new Error(`The payload is not JSON: ${JSON.stringify(shown)} (${why}).`, { cause });
  }
};

const readNamed = async (given: string): Promise<[string, Uint8Array]> => {
  const [, name, path] = /^([^=]+)=(.+)$/s.exec(given) ?? [];
  if (name === undefined || path === undefined) {
    throw new Error(`--file cannot be "${given}": it must be NAME=PATH, such as file=data.csv.`);
  }
  // A plain Uint8Array, for a Buffer is one that JSON and some codecs treat in another way.
  return [name, new Uint8Array(await readFile(path))];
};
