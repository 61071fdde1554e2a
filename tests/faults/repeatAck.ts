import { Buffer } from "node:buffer";

/** Repeats one acknowledgement of an AMQP connection, which the broker must take as a fault. */
export type AckRepeater = {
  /** The next `basic.ack` of any connection goes twice. */
  repeatNext(): void;
  /** Whether it has gone. */
  readonly hasRepeated: boolean;
  /** What the bytes of one new connection, from client to broker, go through. */
  filter(): (bytes: Uint8Array) => Uint8Array;
};

const HEADER_BYTES = 8;
const METHOD = 1;
const BASIC_ACK = 60 * 2 ** 16 + 80;

/** Makes a repeater that changes nothing until it is told to. */
export const createAckRepeater = (): AckRepeater => {
  let isArmed = false;
  let hasRepeated = false;

  const filter = () => {
    let held = Buffer.alloc(0);
    let isOpen = false;
    return (bytes: Uint8Array): Uint8Array => {
      held = Buffer.concat([held, bytes]);
      const out: Uint8Array[] = [];
      const take = (length: number) => {
        out.push(held.subarray(0, length));
        held = held.subarray(length);
      };
      if (!isOpen && held.length >= HEADER_BYTES) {
        isOpen = true;
        take(HEADER_BYTES);
      }
      // A frame: type, channel (2 bytes), length (4 bytes), that many bytes, and one at its end.
      while (isOpen && held.length >= 7 && held.length >= held.readUInt32BE(3) + 8) {
        const isAck = held[0] === METHOD && held.readUInt32BE(7) === BASIC_ACK;
        take(held.readUInt32BE(3) + 8);
        if (!isAck || !isArmed) continue;
        out.push(out.at(-1)!);
        isArmed = false;
        hasRepeated = true;
      }
      return Buffer.concat(out);
    };
  };

  return {
    repeatNext: () => void (isArmed = true),
    get hasRepeated() {
      return hasRepeated;
    },
    filter,
  };
};
