/**
 * How a value becomes bytes on every leg but Socket.IO's text packets: JSON, with each
 * `Uint8Array` taken out and appended as it is. The layout, numbers in big-endian:
 *
 *     u8 0 · JSON                                        no binary anywhere
 *     u8 1 · u32 length · JSON of [value, paths] · { u32 length · bytes } …
 *
 * In the second form the value has `null` where bytes were, and `paths` lists those places in
 * order; so no key or value of a user's can be mistaken for a placeholder.
 */
const PLAIN = 0;
const WITH_BINARY = 1;

type Path = (string | number)[];
type Holder = Record<string | number, unknown>;
type Extracted = { paths: Path[]; parts: Uint8Array[] };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Encodes what `measure` accepted; a value it refuses may throw here or lose parts. */
export const encode = (value: unknown): Uint8Array => {
  const binary = encodeBinary(value);
  if (binary) return binary;
  const json = encoder.encode(" " + (JSON.stringify(value) ?? "null"));
  json[0] = PLAIN;
  return json;
};

/** Encodes a value that has a `Uint8Array` in it; any other gives `undefined`. */
export const encodeBinary = (value: unknown): Uint8Array | undefined => {
  const found = takeOut(value);
  return found && join(encoder.encode(found[0]), found[1]);
};

/** Parts a value that has a `Uint8Array` in it, without a copy of those; any other gives nothing. */
export const takeOut = (value: unknown): [json: string, parts: Uint8Array[]] | undefined => {
  const found: Extracted = { paths: [], parts: [] };
  const rest = extract(value, [], found);
  if (found.parts.length === 0) return undefined;
  return [JSON.stringify([rest, found.paths]), found.parts];
};

/** The inverse of `takeOut`. @throws Error when these do not belong together */
export const putBack = (json: string, next: () => Uint8Array): unknown => {
  const [value, paths] = JSON.parse(json) as [unknown, Path[]];
  const root: Holder = { value };
  for (const path of paths) place(root, ["value", ...path], next());
  return root.value;
};

/**
 * The inverse of `encode`. Byte arrays in the result are copies, free of the buffer given, unless
 * `take` makes something else of the places where they are.
 * @throws Error when the bytes are not what `encode` makes.
 */
export const decode = (bytes: Uint8Array, take: Take = copy): unknown => {
  if (bytes[0] === PLAIN) return JSON.parse(decoder.decode(bytes.subarray(1)));
  if (bytes[0] !== WITH_BINARY) throw new Error(`Unknown encoding ${bytes[0]}.`);
  const next = sections(bytes);
  return putBack(decoder.decode(next()), () => take(next()));
};

/** What becomes of bytes as they lie in a buffer. */
export type Take = (part: Uint8Array) => Uint8Array;

const copy: Take = (part) => new Uint8Array(part);

/**
 * Bytes that are only passed on: those that are most of their buffer stay in it. A smaller part
 * would keep alive what nobody counts.
 */
export const passOn: Take = (part) =>
  2 * part.byteLength < part.buffer.byteLength
    ? copy(part)
    : new Uint8Array(part.buffer, part.byteOffset, part.byteLength);

/** Copies only what lies on the way to binary; the rest is shared with the original. */
const extract = (value: unknown, path: Path, into: Extracted): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) {
    into.paths.push([...path]);
    into.parts.push(value);
    return null;
  }
  let copy: Record<string | number, unknown> | undefined;
  const isArray = Array.isArray(value);
  for (const key of Object.keys(value)) {
    const before = (value as Record<string, unknown>)[key];
    if (typeof before !== "object" || before === null) continue;
    path.push(isArray ? Number(key) : key);
    const after = extract(before, path, into);
    path.pop();
    if (after === before) continue;
    copy ??= (isArray ? [...value] : { ...value }) as Record<string | number, unknown>;
    copy[key] = after;
  }
  return copy ?? value;
};

const join = (json: Uint8Array, parts: Uint8Array[]): Uint8Array => {
  const sized = [json, ...parts];
  const out = new Uint8Array(1 + sized.reduce((sum, part) => sum + 4 + part.byteLength, 0));
  const view = new DataView(out.buffer);
  out[0] = WITH_BINARY;
  let at = 1;
  for (const part of sized) {
    view.setUint32(at, part.byteLength);
    out.set(part, at + 4);
    at += 4 + part.byteLength;
  }
  return out;
};

const sections = (bytes: Uint8Array): () => Uint8Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 1;
  return () => {
    const length = view.getUint32(at);
    if (at + 4 + length > bytes.byteLength) throw new Error("Bytes are missing.");
    at += 4 + length;
    return bytes.subarray(at - length, at);
  };
};

/** Puts bytes where `encode` left a null for them, and nowhere else: the paths may be a stranger's. */
const place = (root: Holder, path: Path, bytes: Uint8Array): void => {
  const nowhere = () => new Error(`No place for bytes at ${path.slice(1).join(".")}.`);
  let holder = root;
  for (const key of path.slice(0, -1)) {
    const inner = hasOwn(holder, key) ? holder[key] : undefined;
    if (typeof inner !== "object" || inner === null) throw nowhere();
    holder = inner as Holder;
  }
  const last = path.at(-1)!;
  if (!hasOwn(holder, last) || holder[last] !== null) throw nowhere();
  holder[last] = bytes;
};

const hasOwn = (holder: Holder, key: string | number): boolean =>
  key !== "__proto__" && Object.hasOwn(holder, key);
