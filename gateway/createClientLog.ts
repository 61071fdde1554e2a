import type { Logger } from "../common/logger.ts";
import { sendableFields } from "../common/payload.ts";
import type { LogEntry } from "../common/schemas/clientMessages.ts";

/** Lines one client may write in this many milliseconds. */
const MAX_LINES = 300;
const WINDOW_MS = 10_000;

/**
 * Writes a client's lines into the gateway's log, marked `client: true`, their fields and time kept
 * apart from the gateway's own. A client that writes too much is cut off for the rest of the
 * window, and told of in one line.
 */
export const createClientLog = (
  { log, now = () => performance.now() }: { log: Logger; now?(): number },
): (entries: LogEntry[]) => void => {
  const clientLog = log.child({ client: true });
  let windowStart = now();
  let lines = 0;

  return (entries) => {
    if (now() - windowStart > WINDOW_MS) {
      if (lines > MAX_LINES) clientLog.warn(`${lines - MAX_LINES} lines of a client were dropped.`);
      windowStart = now();
      lines = 0;
    }
    for (const { level, time, message, fields } of entries) {
      if (++lines > MAX_LINES) continue;
      const clientTime = isFinite(time) ? new Date(time).getTime() : undefined;
      clientLog[level](message, { clientTime, clientFields: sendableFields(fields) });
    }
  };
};
