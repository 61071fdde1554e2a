import { setTimeout as delay } from "node:timers/promises";

/** Options of `pace`. */
export type PaceOptions = { count: number; perSecond: number };

/** Calls `send` `count` times, evenly over time; resolves when the last was called. */
export const pace = async (
  { count, perSecond }: PaceOptions,
  send: (n: number) => void,
): Promise<void> => {
  const since = performance.now();
  for (let n = 0; n < count;) {
    const due = Math.floor((performance.now() - since) / 1_000 * perSecond) + 1;
    for (; n < Math.min(due, count); n++) send(n);
    await delay(5);
  }
};
