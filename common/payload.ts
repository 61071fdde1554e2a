import { RequestError } from "./errors.ts";
import { MAX_DEPTH } from "./schemas/limits.ts";

/** What `measure` found out about a value. */
export type Measure = {
  /** Its size in bytes, near enough: text as UTF-8, binary as it is, 8 for a number. */
  bytes: number;
  /** Whether there is a `Uint8Array` anywhere in it. */
  binary: boolean;
};

const utf8Length = (text: string): number => {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
};

const refuse = (what: string, path: readonly PropertyKey[]): never => {
  const at = path.length === 0 ? "the value itself" : path.join(".");
  throw new RequestError("INVALID_REQUEST", `${what} cannot be sent (at ${at}).`);
};

/**
 * Measures a payload, result or chunk, and refuses what does not survive the wire: what JSON
 * cannot write (a bigint, a function, a symbol), a `Map`, `Set` or `Blob`, nesting deeper than
 * `MAX_DEPTH` (so also a cycle), and a key named `__proto__`. A `Date` goes as its ISO string.
 * @throws RequestError `INVALID_REQUEST` that names the place.
 */
export const measure = (value: unknown): Measure => {
  const found: Measure = { bytes: 0, binary: false };
  visit(value, [], found);
  return found;
};

const visit = (value: unknown, path: PropertyKey[], found: Measure): void => {
  switch (typeof value) {
    case "string":
      found.bytes += utf8Length(value) + 2;
      return;
    case "bigint":
      return refuse(`The bigint ${value}`, path);
    case "function":
    case "symbol":
      return refuse(`A ${typeof value}`, path);
    case "object":
      return value === null ? void (found.bytes += 4) : visitObject(value, path, found);
    default:
      found.bytes += 8;
  }
};

const visitObject = (value: object, path: PropertyKey[], found: Measure): void => {
  if (value instanceof Uint8Array) {
    found.bytes += value.byteLength;
    found.binary = true;
    return;
  }
  if (path.length >= MAX_DEPTH) refuse(`Something nested deeper than ${MAX_DEPTH} levels`, path);
  found.bytes += 2;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) step(value[i], i, path, found);
    return;
  }
  if (value instanceof Date) {
    found.bytes += 26;
    return;
  }
  if (isUnsendable(value)) refuse(`A ${value.constructor.name}`, path);
  for (const key of Object.keys(value)) {
    if (key === "__proto__") refuse("A key named __proto__", path);
    found.bytes += key.length + 4;
    step((value as Record<string, unknown>)[key], key, path, found);
  }
};

const step = (value: unknown, key: PropertyKey, path: PropertyKey[], found: Measure): void => {
  path.push(key);
  visit(value, path, found);
  path.pop();
};

// `Blob` and `File` would be sent by Socket.IO but by no other leg.
const isUnsendable = (value: object): boolean =>
  value instanceof Map || value instanceof Set || value instanceof ArrayBuffer ||
  ArrayBuffer.isView(value) || value instanceof Blob;
