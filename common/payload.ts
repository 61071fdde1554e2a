import { RequestError } from "./errors.ts";
import { MAX_DEPTH } from "./schemas/limits.ts";

/** What `measure` found out about a value. */
export type Measure = {
  /** About how many bytes it takes on the wire: what JSON would, with binary as it is. */
  bytes: number;
  /** Whether there is a `Uint8Array` anywhere in it. */
  binary: boolean;
};

/**
 * Measures a payload, result or chunk, or says why it would not survive the wire: what JSON cannot
 * write (a bigint, a function, a symbol, NaN, Infinity), a `Map`, `Set` or `Blob`, nesting deeper than `MAX_DEPTH`
 * (so also a cycle), an object with `toJSON`, or a key named `__proto__`. A `Date` goes as its ISO
 * string.
 * @returns an error `INVALID_REQUEST` that names the place, where it cannot be sent
 */
export const measure = (value: unknown): Measure | RequestError => {
  const found: Measure = { bytes: 0, binary: false };
  const path: PropertyKey[] = [];
  const fault = visit(value, path, found);
  if (fault === undefined) return found;
  const place = path.length === 0 ? "the value itself" : path.join(".");
  return new RequestError("INVALID_REQUEST", `${fault} cannot be sent (at ${place}).`);
};

/** What is wrong with the value, `path` then leading to it; `undefined` when nothing is. */
const visit = (value: unknown, path: PropertyKey[], found: Measure): string | undefined => {
  switch (typeof value) {
    case "string":
      found.bytes += textBytes(value) + 2;
      return;
    case "bigint":
      return `The bigint ${value}`;
    case "function":
    case "symbol":
      return `A ${typeof value}`;
    case "object":
      if (value !== null) return visitObject(value, path, found);
      found.bytes += 4;
      return;
    case "number":
      if (!Number.isFinite(value)) return `The number ${value}`;
      found.bytes += Number.isInteger(value) && Math.abs(value) < 1e8 ? 9 : 20;
      return;
    default:
      found.bytes += 5;
  }
};

const visitObject = (value: object, path: PropertyKey[], found: Measure): string | undefined => {
  found.bytes += 2;
  if (value instanceof Uint8Array) {
    found.bytes += value.byteLength;
    found.binary = true;
    return;
  }
  if (path.length >= MAX_DEPTH) return `Something nested deeper than ${MAX_DEPTH} levels`;
  if (value instanceof Date) {
    found.bytes += 24;
    return;
  }
  if (isUnsendable(value)) return `A ${value.constructor.name}`;
  // What it would write is known only when it is written, and that may fail.
  if ("toJSON" in value) return `A ${value.constructor?.name ?? "value"} that writes itself`;
  const isArray = Array.isArray(value);
  if (isArray && Object.keys(value).length < value.length) return "An array with holes";
  for (const key of Object.keys(value)) {
    if (key === "__proto__") return "A key named __proto__";
    if (!isArray) found.bytes += textBytes(key) + 3;
    path.push(key);
    const fault = visit((value as Record<string, unknown>)[key], path, found);
    if (fault !== undefined) return fault;
    path.pop();
  }
};

// `Blob` and `File` would be sent by Socket.IO but by no other leg.
const isUnsendable = (value: object): boolean =>
  value instanceof Map || value instanceof Set || value instanceof ArrayBuffer ||
  ArrayBuffer.isView(value) || value instanceof Blob;

/** Bytes of a text as JSON writes it, without its quotes. */
const textBytes = (text: string): number => {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20) bytes += 5;
    else if (unit === 0x22 || unit === 0x5c) bytes++;
    else if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1;
  }
  return bytes;
};

/** Fields of a log line larger than this are left out. */
const MAX_FIELD_BYTES = 8_192;

/** The fields of a log line as they may be sent, or why they were left out. */
export const sendableFields = (
  fields: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined => {
  if (fields === undefined) return undefined;
  // A plugin in plain JavaScript may pass anything.
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    return sendableFields({ value: fields });
  }
  const size = measure(fields);
  if (size instanceof RequestError) return { leftOut: size.message };
  return size.bytes <= MAX_FIELD_BYTES ? fields : { leftOut: `${size.bytes} bytes of fields` };
};
