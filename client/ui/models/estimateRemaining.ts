/** How much must be known before a guess is worth showing. */
const MIN_FRACTION = 0.02;
const MIN_ELAPSED_MS = 1_000;

/** Milliseconds until the end at the pace so far; undefined while that would be a mere guess. */
export const estimateRemaining = (
  fraction: number | undefined,
  elapsedMs: number,
): number | undefined =>
  fraction === undefined || fraction < MIN_FRACTION || elapsedMs < MIN_ELAPSED_MS
    ? undefined
    : elapsedMs * (1 - fraction) / fraction;
