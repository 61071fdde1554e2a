import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { createMakeBackendRequest } from "../client/makeBackendRequest.ts";
import { createWebsocketClient, type WebsocketClient } from "../client/websocketClient.ts";
import { errorBody, RequestError } from "../common/errors.ts";
import { createLogger } from "../common/logger.ts";
import { TASK } from "../common/task.ts";
import { createOutput, type Output, toJson } from "./call/createOutput.ts";
import { createProgressBar } from "./call/createProgressBar.ts";
import { catalogLines, fetchCatalog } from "./call/fetchCatalog.ts";
import { readCall, type Told, type Wanted } from "./call/readCall.ts";
import { isMain } from "./isMain.ts";

/** How the command ends before it has its answer; `error` is printed. */
type Exit = { code: number; error?: RequestError };
type Wire = { socket: WebsocketClient; output: Output; signal: AbortSignal };

/** How long the connection may take to close, in milliseconds. */
const HANG_UP_MS = 1_000;

/**
 * Calls a handler, or lists the catalog, over the client modules, and prints what comes.
 * @param args as on the command line
 * @returns the exit code: 0; 1 when the request failed; 2 for wrong usage; 128 and the signal's
 * number when one ended it
 */
export const call = async (args: string[]): Promise<number> => {
  const wanted = await readCall(args);
  if ("message" in wanted) return say(wanted);
  const socket = connectTo(wanted);
  return "message" in socket ? say(socket) : await run(wanted, socket);
};

const say = ({ message, code }: Told): number => {
  (code === 0 ? console.log : console.error)(message);
  return code;
};

const connectTo = ({ url, token }: Wanted): WebsocketClient | Told => {
  try {
    return createWebsocketClient({ url, auth: token === undefined ? undefined : { token } });
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error), code: 2 };
  }
};

const run = async (wanted: Wanted, socket: WebsocketClient): Promise<number> => {
  const stopping = new AbortController();
  const { signal } = stopping;
  let early: Exit | undefined;
  const stop = (why: string, exit: Exit): void => {
    early ??= exit;
    stopping.abort(why);
  };
  onSignals((name, code) => early ? process.exit(code) : stop(`${name} ended the call`, { code }));
  giveUpEarly(socket, (error) => stop("no connection", { code: 1, error }));
  const output = createOutput({
    signal,
    onError: ({ code, message }) =>
      code === "EPIPE"
        ? stop("nobody reads the answer", { code: 0 })
        : stop("the answer cannot be written", { code: 1, error: unwritten(message) }),
  });
  try {
    const wire = { socket, output, signal };
    if (wanted.list) await list(wanted, wire);
    else await request(wanted, wire);
    await output.flush();
  } catch (error) {
    early ??= { code: 1, error: asRequestError(error) };
  }
  if (early?.error) console.error(toJson(printable(early.error)));
  // What was said last, such as a cancellation, leaves within this turn.
  await setImmediate();
  socket.close();
  return early?.code ?? 0;
};

const request = async (
  { type, payload, timeoutMs, quiet }: Wanted & { list?: undefined },
  { socket, output, signal }: Wire,
): Promise<void> => {
  const { stderr, stdout } = process;
  const bar = stderr.isTTY && !quiet ? createProgressBar(stderr) : undefined;
  const log = createLogger({ level: "debug", format: stderr.isTTY ? "text" : "json" });
  const response = createMakeBackendRequest(socket)(type, payload, {
    signal,
    timeoutMs,
    onProgress: bar?.show,
    onLog({ level, message, fields }) {
      bar?.clear();
      if (!quiet) log[level](message, fields);
    },
  });
  try {
    // A handler that answers once gives its result as the only turn of the loop.
    for await (const chunk of response) {
      if (stdout.isTTY) bar?.clear();
      await output.write(chunk);
    }
  } finally {
    bar?.clear();
  }
};

const list = async (
  wanted: Wanted & { list: "lines" | "json" },
  { socket, output, signal }: Wire,
): Promise<void> => {
  const catalog = await fetchCatalog(socket, { signal, timeoutMs: wanted.timeoutMs });
  const { lines, troubles } = catalogLines(catalog);
  const text = wanted.list === "json" ? toJson(catalog, 2) : lines.join("\n");
  if (text !== "") await output.write(new TextEncoder().encode(`${text}\n`));
  if (!wanted.quiet) { for (const trouble of troubles) console.error(trouble); }
};

/** The client itself would go on trying; whoever waits at a prompt wants to know now. */
const giveUpEarly = (socket: WebsocketClient, fail: (error: RequestError) => void): void => {
  let reached = false;
  socket.subscribe({
    onState(state) {
      if (state.at === "ready") reached = true;
      if (reached || state.at !== "connecting" || state.reason === undefined) return;
      const remedy = `start it with "${TASK} start", or name another with --url`;
      const message = `No gateway answers at ${socket.url} (${state.reason}): ${remedy}.`;
      fail(new RequestError("CONNECTION_LOST", message, { where: { state: "unsent" } }));
    },
  });
};

const onSignals = (listener: (name: string, code: number) => void): void => {
  process.on("SIGINT", () => listener("Ctrl-C", 130));
  process.on("SIGTERM", () => listener("SIGTERM", 143));
};

const unwritten = (message: string): RequestError =>
  new RequestError("OUTPUT_FAILED", `Standard output cannot be written: ${message}.`);

const asRequestError = (error: unknown): RequestError =>
  error instanceof RequestError
    ? error
    : new RequestError("INTERNAL", error instanceof Error ? error.message : String(error));

// A BackendError writes itself, with its request's id.
const printable = (error: RequestError): unknown => "toJSON" in error ? error : errorBody(error);

if (isMain(import.meta)) {
  process.exitCode = await call(process.argv.slice(2));
  // By now only the closing connection, or a write that no reader takes, keeps the process.
  setTimeout(() => process.exit(), HANG_UP_MS).unref();
}
