/**
 * Whether a number that is written so is another one once it is read: it is too large, or whole and
 * with more digits than are kept. Fractions are taken to the nearest.
 */
export const isInexact = (written: string): boolean => {
  const value = Number(written);
  if (!Number.isFinite(value)) return true;
  return /^-?\d+$/.test(written) && written !== `${value}` && BigInt(written) !== BigInt(value);
};
