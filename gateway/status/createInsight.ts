import type { Caller } from "../../common/bus/createCaller.ts";
import type { Logger } from "../../common/logger.ts";
import { callerId } from "../../common/schemas/busMessages.ts";
import { createMeter, type Meter } from "./createMeter.ts";
import { createRecentLog, type RecentLog } from "./createRecentLog.ts";
import { meterCaller } from "./meterCaller.ts";

/** Failures noted in one second; of the others their number is. */
const MAX_NOTES = 20;
const WINDOW_MS = 1_000;

/** What a gateway knows of its requests and its log, for people who look. */
export type Insight = {
  /** Makes requests as before, and counts them. */
  readonly caller: Caller;
  readonly meter: Meter;
  readonly recent: RecentLog;
  /** Counts a request that was not started. */
  refused(request: { id: string; type: string }, code: string): void;
};

type Failure = { requestId: string; type: string; code: string; ms?: number; worker?: string };

/**
 * Counts every request, and notes those that fail among the recent lines, by ids, codes and
 * durations alone: in the log itself a flood of failures would be a flood of lines.
 */
export const createInsight = (
  { caller, log, now = () => performance.now() }: { caller: Caller; log: Logger; now?(): number },
): Insight => {
  const meter = createMeter({ now });
  const recent = createRecentLog({ log });
  let windowStart = -Infinity;
  let notes = 0;

  const note = (failure: Failure): void => {
    if (now() - windowStart >= WINDOW_MS) {
      const more = notes - MAX_NOTES;
      if (more > 0) recent.note("warn", `${more} more requests failed within a second.`, {});
      windowStart = now();
      notes = 0;
    }
    if (++notes > MAX_NOTES) return;
    const level = failure.code === "CANCELLED" ? "info" : "warn";
    recent.note(level, `A request of ${failure.type} ended: ${failure.code}.`, failure);
  };

  return {
    meter,
    recent,
    caller: meterCaller(caller, ({ id, type }, { frame, ms }) => {
      const code = frame.kind === "error" ? frame.code : "ok";
      meter.count(type, code, ms);
      if (frame.kind !== "error") return;
      const requestId = callerId(id);
      note({ requestId, type, code, ms: Math.round(ms), worker: frame.where?.worker });
    }, { now }),
    refused({ id: requestId, type }, code) {
      meter.count(type, code);
      note({ requestId, type, code });
    },
  };
};
