/** Requests, or frames, that one message of an engine carries at most. */
export const MAX_TOGETHER = 256;

/**
 * How many requests may share one message, for a handler of which a worker runs `concurrency` at
 * the same time: a quarter of that. A message goes to one worker whole, and is done with when the
 * last of its requests is; with a quarter, four messages fill a worker, the rest goes to others,
 * and a slow request holds up the place of few. So below 8 nothing is ever bunched.
 */
export const togetherOf = (concurrency: number): number =>
  Math.max(1, Math.min(MAX_TOGETHER, Math.floor(concurrency / 4)));

/**
 * How many requests of a type may go to a worker in one message now. `underWay` is how many its
 * caller has under way. What waits in a worker and may not start again is lost with that worker
 * though it never began; so such requests share a message only while one worker could begin at
 * once all that are under way. Where the concurrency is unknown, none do.
 */
export const togetherFor = (
  concurrency: number | undefined,
  { idempotent, underWay }: { idempotent: boolean; underWay: number },
): number => {
  if (concurrency === undefined || (!idempotent && underWay > concurrency)) return 1;
  return togetherOf(concurrency);
};
