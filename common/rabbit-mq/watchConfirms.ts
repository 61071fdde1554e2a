import type { Logger } from "../logger.ts";
import type { Connection } from "./connection.ts";

/** Notices a confirm that never comes: a broker, or something before it, has lost it. */
export type ConfirmWatch = {
  /** Call it for each message published; what it gives, when that was confirmed or is lost. */
  published(): () => void;
};

/** Options of `watchConfirms`. */
export type ConfirmWatchOptions = {
  log: Logger;
  /** How long the oldest may go without its confirm, in milliseconds. Default 10 s. */
  timeoutMs?: number;
};

/**
 * Cuts a connection that is ready and still has not confirmed a message after so long, so that its
 * recovery settles or repeats everything. While it is blocked nothing can be confirmed, and that
 * time does not count.
 */
export const watchConfirms = (
  connection: Connection,
  { log, timeoutMs = 10_000 }: ConfirmWatchOptions,
): ConfirmWatch => {
  // A Set keeps the order of insertion: its first is the oldest.
  const open = new Set<{ since: number }>();
  let readySince = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const look = (): void => {
    timer = undefined;
    const [oldest] = open;
    if (oldest === undefined || connection.state.status !== "ready") return;
    const age = performance.now() - Math.max(oldest.since, readySince);
    if (age < timeoutMs) {
      timer = setTimeout(look, timeoutMs - age);
      return;
    }
    log.warn("RabbitMQ has not confirmed a message; its connection is cut.", {
      afterMs: Math.round(age),
      unconfirmed: open.size,
    });
    connection.cut("a confirm never came");
  };

  connection.onChange(() => {
    clearTimeout(timer);
    timer = undefined;
    if (connection.state.status !== "ready") return;
    readySince = performance.now();
    look();
  });

  return {
    published() {
      const entry = { since: performance.now() };
      open.add(entry);
      if (connection.state.status === "ready") timer ??= setTimeout(look, timeoutMs);
      return () => void open.delete(entry);
    },
  };
};
