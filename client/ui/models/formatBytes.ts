const UNITS = ["KiB", "MiB", "GiB", "TiB"];

/** A number of bytes for people: `812 bytes`, `1.5 KiB`. */
export const formatBytes = (bytes: number): string => {
  if (bytes < 1024) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  let [size, unit] = [bytes / 1024, 0];
  for (; size >= 1024 && unit < UNITS.length - 1; unit++) size /= 1024;
  return `${size.toFixed(1)} ${UNITS[unit]}`;
};
