import { RequestError } from "../common/errors.ts";
import { measure, sendableFields } from "../common/payload.ts";
import type { LogEntry } from "../common/schemas/clientMessages.ts";
import { isBelow, type LogLevel } from "../common/schemas/frames.ts";
import { MAX_LOG_ENTRIES, MAX_LOG_TEXT } from "../common/schemas/limits.ts";
import { textOf } from "../common/textOf.ts";
import type { WebsocketClient } from "./websocketClient.ts";

/** Writes to the gateway's log; no method ever throws. */
export type LoggerService =
  & Record<LogLevel, (message: string, fields?: Record<string, unknown>) => void>
  & {
    /** Sends what waits, and stops listening for errors. */
    close(): void;
  };

/** Options of `createLoggerService`. */
export type LoggerServiceOptions = {
  socket: WebsocketClient;
  /** Lines below it are dropped. Default `info`. */
  level?: LogLevel;
};

const FLUSH_MS = 250;
/** Lines that wait while there is no connection; the oldest give way. */
const MAX_WAITING = 500;

/**
 * Makes a logger whose lines appear in the gateway's log, marked as a client's. Lines are sent in
 * batches and wait, within a bound, while there is no connection. Errors nobody caught and
 * rejections nobody handled are logged too.
 * @example createLoggerService({ socket }).warn("Slow upload", { ms: 1_200 });
 */
export const createLoggerService = (
  { socket, level = "info" }: LoggerServiceOptions,
): LoggerService => {
  const waiting: LogEntry[] = [];
  let dropped = 0;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (socket.state.at !== "ready") return;
    if (dropped > 0) waiting.push(toEntry("warn", `${dropped} log lines were dropped.`));
    dropped = 0;
    while (waiting.length > 0) {
      const entries = waiting.splice(0, MAX_LOG_ENTRIES);
      socket.send({ kind: "log", entries }, sizeOf(entries));
    }
  };

  const at = (lineLevel: LogLevel) => (message: string, fields?: Record<string, unknown>): void => {
    if (isBelow(lineLevel, level)) return;
    waiting.push(toEntry(lineLevel, message, fields));
    if (waiting.length > MAX_WAITING) {
      waiting.shift();
      dropped++;
    }
    if (closed) return;
    // A gateway that refuses this client is not asked again for the sake of a log line.
    if (socket.state.at === "idle") socket.connect();
    timer ??= setTimeout(flush, FLUSH_MS);
  };

  const error = at("error");
  const onError = (event: Event): void => {
    const { message, error: thrown } = event as ErrorEvent;
    error(message ?? "An error nobody caught", { stack: stackOf(thrown) });
  };
  const onRejection = (event: Event): void => {
    const { reason } = event as PromiseRejectionEvent;
    error(`A rejection nobody handled: ${textOf(reason)}`, { stack: stackOf(reason) });
  };
  // Bun has no such events; there the process itself reports them.
  globalThis.addEventListener?.("error", onError);
  globalThis.addEventListener?.("unhandledrejection", onRejection);
  const unsubscribe = socket.subscribe({ onState: flush });

  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error,
    close() {
      flush();
      closed = true;
      unsubscribe();
      globalThis.removeEventListener?.("error", onError);
      globalThis.removeEventListener?.("unhandledrejection", onRejection);
    },
  };
};

const sizeOf = (entries: LogEntry[]): number => {
  const size = measure(entries);
  return size instanceof RequestError ? 0 : size.bytes;
};

const toEntry = (
  level: LogLevel,
  message: string,
  fields?: Record<string, unknown>,
): LogEntry => ({
  level,
  time: Date.now(),
  message: textOf(message).slice(0, MAX_LOG_TEXT),
  ...(fields === undefined ? {} : { fields: written(fields) }),
});

/** Errors as their stacks; fields whose reading throws are left out too. */
const written = (fields: Record<string, unknown>): Record<string, unknown> | undefined => {
  try {
    const entries = Object.entries(fields)
      .map(([key, value]) => [key, value instanceof Error ? stackOf(value) : value]);
    return sendableFields(Object.fromEntries(entries));
  } catch (error) {
    return { leftOut: textOf(error) };
  }
};

const stackOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error ? (thrown.stack ?? textOf(thrown)).slice(0, MAX_LOG_TEXT) : undefined;
