const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * A random id of 21 letters, digits, `_` and `-` (126 bits). Not `crypto.randomUUID`, which
 * browsers lack on pages that are not served over HTTPS or from localhost.
 */
export const createId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(21)), (byte) => ALPHABET[byte & 63]).join("");

/**
 * Makes a source of ids: 60 bits of its own, and a count. For those who need many, as randomness and
 * long ids are dear; who has seen one can guess the others.
 */
export const createIdSource = (): () => string => {
  const origin = createId().slice(0, 10);
  let count = 0;
  return () => `${origin}-${(count++).toString(36)}`;
};
