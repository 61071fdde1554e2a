import { createLogger, type Logger } from "./logger.ts";
import { readSettings, type Settings, settingsHelp } from "./settings.ts";

/** A process of ours, as `runCommand` runs it. */
export type Command = {
  /** The first lines of `--help`. */
  usage: string;
  /** Switches of this command alone, with their help. */
  switches?: Record<string, string>;
  /** Added to every log line. */
  fields?: Record<string, unknown>;
  /** Runs until it is done or `stopping` aborts; gives the exit code. */
  main(context: CommandContext): Promise<number>;
};

/** What `main` is given. */
export type CommandContext = {
  settings: Settings;
  switched: Set<string>;
  log: Logger;
  /** Aborts on SIGTERM, on SIGINT, and when the process that forked this one is gone. */
  stopping: AbortSignal;
};

/** Signals that come closer together than this are one, in milliseconds. */
const ONE_SIGNAL_MS = 500;
/** A stop that takes longer than this beyond `DRAIN_MS` is cut short, in milliseconds. */
const STOP_MS = 8_000;

/**
 * Runs a command to the end of the process: settings, `--help`, signals, exit code. What `main`
 * throws is printed as one line and the code is 1; a bad setting gives 2. A second signal, or 8 s
 * more than `DRAIN_MS` after the first, ends it at once.
 */
export const runCommand = async ({ usage, switches, fields, main }: Command): Promise<never> => {
  const read = tryRead(() =>
    readSettings({ argv: process.argv.slice(2), env: process.env, switches })
  );
  if (typeof read === "string") return fail(`${read} (--help lists all settings.)`, 2);
  const { settings, switched, help } = read;
  if (help) {
    console.log(settingsHelp(usage, switches));
    process.exit(0);
  }
  const format = settings.LOG_FORMAT ?? (process.stderr.isTTY ? "text" : "json");
  const log = createLogger({ level: settings.LOG_LEVEL, format, fields });
  const stopping = stopSignal(log, settings.DRAIN_MS + STOP_MS);
  survive(log);
  try {
    process.exit(await main({ settings, switched, log, stopping }));
  } catch (error) {
    log.debug("It could not go on.", { error });
    return fail(error instanceof Error ? error.message : String(error), 1);
  }
};

const tryRead = <T>(read: () => T): T | string => {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const fail = (line: string, code: number): never => {
  console.error(line);
  process.exit(code);
};

const stopSignal = (log: Logger, limitMs: number): AbortSignal => {
  const stop = new AbortController();
  const forked = process.connected === true;
  let since = 0;
  const onStop = (why: string): void => {
    // One Ctrl-C may arrive twice: from the terminal, and from the task runner above.
    if (stop.signal.aborted && performance.now() - since < ONE_SIGNAL_MS) return;
    if (stop.signal.aborted) process.exit(130);
    since = performance.now();
    log.debug("stopping", { why });
    stop.abort(why);
    setTimeout(() => process.exit(1), limitMs).unref();
  };
  process.on("SIGTERM", () => onStop("SIGTERM"));
  process.on("SIGHUP", () => forked || onStop("SIGHUP"));
  // Ctrl-C reaches every process of the terminal; a forked one waits for its parent to end it.
  process.on("SIGINT", () => forked || onStop("SIGINT"));
  if (forked) onceParentIsGone(() => stop.signal.aborted || onStop("its parent is gone"));
  return stop.signal;
};

/** How often a forked process looks whether its parent is still there, in milliseconds. */
const PARENT_MS = 1_000;

const onceParentIsGone = (listener: () => void): void => {
  process.on("disconnect", listener);
  // Deno leaves out `disconnect` where a parent was killed with messages that it had not read.
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || listener(), PARENT_MS).unref();
};

/** What nobody caught is logged; a plugin that throws late must not end what others use. */
const survive = (log: Logger): void => {
  process.on("uncaughtException", (error) => log.error("An error nobody caught.", { error }));
  process.on("unhandledRejection", (error) => log.error("A rejection nobody handled.", { error }));
};

/** Resolves when the signal aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
