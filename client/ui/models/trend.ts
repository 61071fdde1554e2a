/** One line of a chart: a value for each sample, and none where nothing is known. */
export type Line = { name: string; values: readonly (number | undefined)[] };

/** The least of 1, 2 and 5 times a power of ten that is no less than a value. */
export const niceCeiling = (value: number): number => {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((one) => one * power >= value)!;
  // 10 to a negative power is not exact.
  return Number((factor * power).toPrecision(1));
};

/**
 * The path of a line in a box of 100 by 100, its last value at the right edge; `slots` is how many
 * values fill the width. It is broken where a value is not known.
 */
export const pathOf = (
  values: Line["values"],
  { slots, top }: { slots: number; top: number },
): string => {
  const at = (index: number, value: number): string => {
    const x = 100 - (values.length - 1 - index) * (100 / (slots - 1));
    return `${x.toFixed(2)} ${(100 - value / top * 100).toFixed(2)}`;
  };
  return values.map((value, index) => {
    if (value === undefined) return "";
    // A lone value is a line without length: its round ends make a dot.
    return values[index - 1] === undefined ? `M${at(index, value)}h0` : `L${at(index, value)}`;
  }).join("");
};

/** How long ago the end of a sample is, by its distance to the newest: `now`, `2 min 05 s ago`. */
export const agoText = (ms: number): string => {
  const seconds = Math.round(ms / 1_000);
  if (seconds === 0) return "now";
  const minutes = Math.floor(seconds / 60);
  const rest = minutes > 0 ? String(seconds % 60).padStart(2, "0") : seconds;
  return `${minutes > 0 ? `${minutes} min ` : ""}${rest} s ago`;
};
