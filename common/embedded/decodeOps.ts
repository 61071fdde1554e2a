import { putBack } from "../codec.ts";

/** The inverse of `encodeOps`; what is not of its making gives nothing. */
export const decodeOps = (packet: unknown): unknown[] => {
  try {
    const ops = typeof packet === "string"
      ? JSON.parse(packet)
      : Array.isArray(packet)
      ? withBytes(packet)
      : undefined;
    return Array.isArray(ops) ? ops : [];
  } catch {
    return [];
  }
};

const withBytes = ([json, ...parts]: unknown[]): unknown => {
  let next = 0;
  return putBack(json as string, () => {
    const part = parts[next++];
    if (part instanceof Uint8Array) return part;
    throw new Error("There are no bytes for a place.");
  });
};
