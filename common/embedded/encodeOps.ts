import { takeOut } from "../codec.ts";
import { errorBody, RequestError } from "../errors.ts";
import { runOf } from "../schemas/frames.ts";

/** What goes over a link: text, or, where there are bytes in it, a text and those. */
export type Packet = string | [string, ...Uint8Array[]];

/**
 * Encodes what is said over a link in one tick: as JSON, with bytes beside it, which a channel
 * between processes takes as they are. Where one op cannot be written (a getter of a plugin's that
 * throws), the others still are, and whoever waits for that one is told.
 */
export const encodeOps = (ops: unknown[]): Packet => {
  try {
    return encode(ops);
  } catch {
    return encode(ops.flatMap(writable));
  }
};

const encode = (ops: unknown): Packet => {
  const found = takeOut(ops);
  return found ? [found[0], ...found[1].map(whole)] : JSON.stringify(ops);
};

/** Bytes that are all of their buffer: Bun would send the whole of it, and neither sends a shared one. */
const whole = (part: Uint8Array): Uint8Array => {
  const { buffer, byteLength } = part;
  const isWhole = byteLength > 0 && byteLength === buffer.byteLength;
  return isWhole && buffer instanceof ArrayBuffer && !buffer.resizable
    ? new Uint8Array(buffer)
    : new Uint8Array(part);
};

const writable = (op: unknown): unknown[] => {
  try {
    encode(op);
    return [op];
  } catch {
    const { frame } = op as { frame?: { id: string; attempt?: number } };
    if (frame === undefined) return [];
    const error = new RequestError("INVALID_RESPONSE", "The answer could not be written.");
    const { id, attempt = 1 } = frame;
    return [{
      op: "frame",
      frame: { kind: "error", id, ...errorBody(error), ...runOf({ attempt }) },
    }];
  }
};
