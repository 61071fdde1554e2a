const UNITS = ["", "k", "M", "G", "T"];

/** A number in little room: `0.125`, `1.587G`; not `1.587B`, which reads as bytes where it counts some. */
export const siText = (value: number): string => {
  // As it is shown: 999,999 is a million in four digits.
  const shown = Math.abs(Number(value.toPrecision(4)));
  const power = Math.floor(Math.log10(shown || 1) / 3);
  const at = Math.max(0, Math.min(power, UNITS.length - 1));
  const scaled = value / 1_000 ** at;
  return scaled.toLocaleString("en", { maximumSignificantDigits: 4, useGrouping: false }) +
    UNITS[at];
};
