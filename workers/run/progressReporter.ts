import { MAX_LOG_TEXT } from "../../common/schemas/limits.ts";
import { textOf } from "../../common/textOf.ts";
import type { FrameBody } from "../../common/schemas/frames.ts";

/** Tells of the progress of one request. */
export type ProgressReporter = ReturnType<typeof createProgressReporter>;

type Progress = FrameBody & { kind: "progress" };

/** Progress is told at most this often, in milliseconds. */
const INTERVAL_MS = 50;

/**
 * Lets a handler report progress as often as it likes: the caller gets the first report at once and
 * then the newest one every 50 ms. `flush` sends what waits; nothing is sent after it.
 */
export const createProgressReporter = (send: (progress: Progress) => void) => {
  let waiting: Progress | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  const sendWaiting = (): void => {
    timer = undefined;
    if (!waiting) return;
    send(waiting);
    waiting = undefined;
    timer = setTimeout(sendWaiting, INTERVAL_MS);
  };

  return {
    report(fraction: number | undefined, message?: string): void {
      if (over) return;
      // What a plugin in plain JavaScript says may be of any type.
      const text = message === undefined ? undefined : textOf(message).slice(0, MAX_LOG_TEXT);
      waiting = { kind: "progress", fraction: clamp(fraction), message: text };
      if (timer === undefined) sendWaiting();
    },
    flush(): void {
      clearTimeout(timer);
      if (waiting) send(waiting);
      waiting = undefined;
      over = true;
    },
  };
};

const clamp = (fraction: number | undefined): number | undefined =>
  typeof fraction !== "number" || Number.isNaN(fraction)
    ? undefined
    : Math.min(1, Math.max(0, fraction));
