/**
 * Makes something when it is first asked for, and gives the same from then on.
 * @example const log = lazily(() => gatewayLog.child({ session }));
 */
export const lazily = <T>(make: () => T): () => T => {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};
