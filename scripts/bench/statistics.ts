/** The least, the middle and the greatest of some figures. */
export type Range = { min: number; median: number; max: number };

/**
 * The value below which the given part of the figures lies: the nearest one that was measured, as
 * one between two would be nobody's.
 * @param part from 0 to 1
 * @throws RangeError where there are no figures
 */
export const percentile = (figures: readonly number[], part: number): number => {
  const sorted = figures.toSorted((one, two) => one - two);
  const at = Math.max(0, Math.ceil(part * sorted.length) - 1);
  const value = sorted[at];
  if (value === undefined) throw new RangeError("There is no percentile of no figures.");
  return value;
};

/** The middle figure, or the mean of the two in the middle. @throws RangeError where there is none */
export const median = (figures: readonly number[]): number => {
  const sorted = figures.toSorted((one, two) => one - two);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) {
    throw new RangeError("There is no median of no figures.");
  }
  return (lower + upper) / 2;
};

/** @throws RangeError where there are no figures */
export const rangeOf = (figures: readonly number[]): Range => ({
  min: Math.min(...figures),
  median: median(figures),
  max: Math.max(...figures),
});

/**
 * The ratio of two series, round by round. Only what was measured in the same round is compared:
 * what else the machine did then, it did to both.
 * @throws RangeError where they differ in length, or are empty
 */
export const ratioOf = (series: readonly number[], other: readonly number[]): Range => {
  if (series.length !== other.length) {
    throw new RangeError(`${series.length} rounds cannot be compared with ${other.length}.`);
  }
  return rangeOf(series.map((figure, round) => figure / other[round]!));
};
