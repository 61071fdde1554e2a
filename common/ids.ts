const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * A random id of 21 letters, digits, `_` and `-` (126 bits). Not `crypto.randomUUID`, which
 * browsers lack on pages that are not served over HTTPS or from localhost.
 */
export const createId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(21)), (byte) => ALPHABET[byte & 63]).join("");
