/** A duration in milliseconds for people: `12 ms`, `3.4 s`, `2 min 05 s`, `24 h 00 min`. */
export const formatElapsed = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
};

const twoDigits = (count: number): string => String(count).padStart(2, "0");
