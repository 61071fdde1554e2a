import { decode } from "../codec.ts";

/** The inverse of `encodeOps`; what is not of its making gives nothing. */
export const decodeOps = (packet: unknown): unknown[] => {
  try {
    const ops = typeof packet === "string"
      ? JSON.parse(packet)
      : packet instanceof Uint8Array
      ? decode(packet)
      : undefined;
    return Array.isArray(ops) ? ops : [];
  } catch {
    return [];
  }
};
