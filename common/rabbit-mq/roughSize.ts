/** Bytes of one message's body, about: a larger one is not gained by, and others wait behind it. */
export const MAX_BODY_BYTES = 262_144;

/**
 * About how many bytes a value takes when it is encoded, without encoding it. Stops counting, and
 * gives what it has, above `limit`: to look through all of a large value would cost as much as to
 * write it.
 */
export const roughSize = (value: unknown, limit = MAX_BODY_BYTES): number => {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return 8;
  if (value instanceof Uint8Array) return value.byteLength + 8;
  let size = 2;
  for (const key in value) {
    size += key.length + 3;
    size += roughSize((value as Record<string, unknown>)[key], limit - size);
    if (size > limit) break;
  }
  return size;
};
