/**
 * Waits for work, but no longer than `ms` milliseconds; then `onLate` says what comes instead, by
 * returning it or by throwing. The work itself goes on.
 */
export const within = async <T>(work: Promise<T>, ms: number, onLate: () => T): Promise<T> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    return await Promise.race([work, promise.then(onLate)]);
  } finally {
    clearTimeout(timer);
  }
};
