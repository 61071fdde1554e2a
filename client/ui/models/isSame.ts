import { isSchema as isObject } from "./readSchema.ts";

/** Whether two values would be sent as the same; bytes are the same where they are one array. */
export const isSame = (one: unknown, other: unknown): boolean => {
  if (one === other) return true;
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length &&
      one.every((value, index) => isSame(value, other[index]));
  }
  if (!isPlain(one) || !isPlain(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]));
};

const isPlain = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !(value instanceof Uint8Array);
