import { Buffer } from "node:buffer";

/** What the bytes of one direction of one AMQP connection go through. */
export type ByteFilter = (bytes: Uint8Array) => Uint8Array;

/** Options of `createAmqpFilter`. */
export type AmqpFilterOptions = {
  /** Which way the bytes go: a client's begin with a header that is no frame. */
  from: "client" | "broker";
  /** Gives what goes on in place of a whole frame; `method` is 0 where it carries none. */
  onFrame(frame: Uint8Array, method: number): Uint8Array[];
};

/** Class and method of a frame in one number. */
export const BASIC_ACK = 60 * 2 ** 16 + 80;

const HEADER_BYTES = 8;
const METHOD = 1;

/** Cuts a stream of AMQP 0-9-1 into its frames, so that single ones can be lost or repeated. */
export const createAmqpFilter = ({ from, onFrame }: AmqpFilterOptions): ByteFilter => {
  let held = Buffer.alloc(0);
  let isOpen = from === "broker";
  return (bytes) => {
    held = Buffer.concat([held, bytes]);
    const out: Uint8Array[] = [];
    const take = (length: number): Buffer => {
      const taken = held.subarray(0, length);
      held = held.subarray(length);
      return taken;
    };
    if (!isOpen && held.length >= HEADER_BYTES) {
      isOpen = true;
      out.push(take(HEADER_BYTES));
    }
    // A frame: type, channel (2 bytes), length (4 bytes), that many bytes, and one at its end.
    while (isOpen && held.length >= 7 && held.length >= held.readUInt32BE(3) + 8) {
      const frame = take(held.readUInt32BE(3) + 8);
      out.push(...onFrame(frame, frame[0] === METHOD ? frame.readUInt32BE(7) : 0));
    }
    return Buffer.concat(out);
  };
};
