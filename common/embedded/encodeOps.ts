import { encodeBinary } from "../codec.ts";
import { errorBody, RequestError } from "../errors.ts";
import { runOf } from "../schemas/frames.ts";

/**
 * Encodes what is said over a link in one tick: as JSON, or, where there are bytes in it, in the
 * binary form of `codec.ts`. A text is cheaper to send than the same as bytes. Where one op cannot be written (a getter of a
 * plugin's that throws), the others still are, and whoever waits for that one is told.
 */
export const encodeOps = (ops: unknown[]): string | Uint8Array => {
  try {
    return encode(ops);
  } catch {
    return encode(ops.flatMap(writable));
  }
};

const encode = (ops: unknown): string | Uint8Array => encodeBinary(ops) ?? JSON.stringify(ops);

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
