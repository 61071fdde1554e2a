import { textOf } from "./textOf.ts";
import { isBelow, type LogLevel } from "./schemas/frames.ts";

/** Facts beside the sentence of a log line; `requestId` is the one to search for. */
export type LogFields = Record<string, unknown>;

/** One line as data, as it is written but for its form. */
export type LogLine = { time: Date; level: LogLevel; message: string; fields: LogFields };

/** A leveled, structured logger. */
export type Logger = Record<LogLevel, (message: string, fields?: LogFields) => void> & {
  /** The lowest that is written: what is below need not be put together. */
  readonly level: LogLevel;
  /** The same logger with more fields on every line. */
  child(fields: LogFields): Logger;
  /**
   * Calls the listener, which must not throw, with every line that is written by this logger, what
   * it is a child of, and all its kin, until the function it returns is called.
   */
  watch(listener: (line: LogLine) => void): () => void;
};

/** Options of `createLogger`. */
export type LoggerOptions = {
  /** Lines below it are dropped. Default `info`. */
  level?: LogLevel;
  /** `text` for people, `json` (one object a line) for machines. Default `json`. */
  format?: "text" | "json";
  fields?: LogFields;
  /** Takes one line without its end. Default: standard error. */
  write?(line: string): void;
  now?(): Date;
};

/** Makes a logger. An `Error` among the fields is written with its stack and its causes. */
export const createLogger = (options: LoggerOptions = {}): Logger => createKin(options, new Set());

const createKin = (options: LoggerOptions, watchers: Set<(line: LogLine) => void>): Logger => {
  const { level = "info", format = "json", fields = {}, now = clock } = options;
  const { write = writeToStderr } = options;
  const at = (lineLevel: LogLevel) => {
    if (isBelow(lineLevel, level)) return silent;
    return (message: string, extra: LogFields = {}) => note(lineLevel, message, extra);
  };
  const note = (lineLevel: LogLevel, message: string, extra: LogFields): void => {
    // The line's own words and the logger's own fields come last too: nothing overwrites them.
    const all = { ...fields, ...extra, ...fields };
    const time = now();
    const line = { time: time.toISOString(), level: lineLevel, message: textOf(message) };
    write(
      format === "json" ? jsonLine(line, all) : textLine(
        `${line.time.slice(11, 23)} ${lineLevel.padEnd(5)} ${oneLine(line.message)}`,
        all,
      ),
    );
    for (const watcher of watchers) watcher({ ...line, time, fields: all });
  };
  return {
    level,
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (more) => createKin({ ...options, fields: { ...fields, ...more } }, watchers),
    watch(listener) {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },
  };
};

const silent = (): void => {};
const clock = (): Date => new Date();
const writeToStderr = (line: string): void => console.error(line);

const writable = (_key: string, value: unknown): unknown => {
  if (value instanceof Error) return errorText(value);
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return `<${value.byteLength} bytes>`;
  return value;
};

// A logger must not throw, and fields may hold a cycle or a getter that does.
const jsonText = (value: unknown): string => {
  try {
    return JSON.stringify(value, writable) ?? String(value);
  } catch (error) {
    return JSON.stringify(`cannot be written: ${error}`);
  }
};

/** One field that cannot be written must not take the line with it. */
const jsonLine = (line: LogFields, all: LogFields): string => {
  try {
    return JSON.stringify({ ...line, ...all, ...line }, writable);
  } catch {
    const fields = Object.entries(all).map(([key, value]) => [key, jsonText(value)]);
    return JSON.stringify({ ...line, ...Object.fromEntries(fields), ...line });
  }
};

/** Causes are followed so far: one may be its own. */
const MAX_CAUSES = 5;

const errorText = (error: Error, causes = MAX_CAUSES): string => {
  const own = error.stack ?? textOf(error);
  if (!(error.cause instanceof Error) || causes === 0) return own;
  return `${own}\ncaused by ${errorText(error.cause, causes - 1)}`;
};

// A line of a browser's or a plugin's must not be able to look like two lines of ours.
const oneLine = (text: string): string =>
  text.replace(
    // deno-lint-ignore no-control-regex
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g,
    (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"),
  );

const textLine = (head: string, fields: LogFields): string => {
  const errors = Object.values(fields).filter((value) => value instanceof Error);
  const pairs = Object.entries(fields)
    .filter(([, value]) => value !== undefined && !(value instanceof Error))
    .map(([key, value]) => ` ${oneLine(key)}=${oneLine(textValue(value))}`);
  const stacks = errors.map((error) => "\n  " + errorText(error).replaceAll("\n", "\n  "));
  return head + pairs.join("") + stacks.join("");
};

const textValue = (value: unknown): string =>
  typeof value === "string" && /^[^\s"]+$/.test(value) ? value : jsonText(value);
