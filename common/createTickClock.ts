/**
 * Makes a clock, in milliseconds, that is read once for all that is done in one go: to read it costs
 * Deno as much as to look up a request, and a busy process would do so ten times for each.
 */
export const createTickClock = (read = () => performance.now()): () => number => {
  let at: number | undefined;
  const forget = (): void => void (at = undefined);
  return () => {
    if (at !== undefined) return at;
    queueMicrotask(forget);
    return at = read();
  };
};
