import type { Held } from "../common/schemas/clientMessages.ts";
import type { Frame } from "../common/schemas/frames.ts";
import { isTerminal } from "../common/schemas/frames.ts";

/** The gateway is told what has come at least this often, in milliseconds and in frames. */
const DELAY_MS = 200;
const MAX_FRAMES = 32;

/**
 * Counts the frames of each request, and tells the gateway what has come, so that it forgets them:
 * frames come in order, and so the last one stands for all before it.
 */
export const createReceipts = (send: (held: Held) => void) => {
  const counts = new Map<string, number>();
  let last: Held | undefined;
  let untold = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    untold = 0;
  };
  const tell = (): void => {
    stop();
    if (last) send(last);
  };

  return {
    add(frame: Frame): void {
      const seq = (counts.get(frame.id) ?? 0) + 1;
      if (isTerminal(frame)) counts.delete(frame.id);
      else counts.set(frame.id, seq);
      last = { id: frame.id, seq };
      if (++untold >= MAX_FRAMES) tell();
      else timer ??= setTimeout(tell, DELAY_MS);
    },
    /** What has come of these requests; the others are over, and a new connection begins. */
    resume(requests: { id: string; credit: number }[]): Held[] {
      stop();
      last = undefined;
      const held = requests.map((one) => ({ ...one, seq: counts.get(one.id) ?? 0 }));
      counts.clear();
      for (const { id, seq } of held) counts.set(id, seq);
      return held;
    },
    /** These begin anew. */
    forget(ids: string[]): void {
      for (const id of ids) counts.delete(id);
    },
    stop,
  };
};
