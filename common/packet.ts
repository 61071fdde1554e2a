import { decode, encodeBinary, type Take } from "./codec.ts";

/**
 * Packs what is said within one tick for Socket.IO: the array itself, or, when there is a
 * `Uint8Array` anywhere in it, the bytes of `codec.ts`. Socket.IO would send such arrays too, but
 * its parser takes ten binary parts a packet at most and closes the connection at the eleventh.
 */
export const pack = (messages: unknown[]): unknown[] | Uint8Array =>
  encodeBinary(messages) ?? messages;

/**
 * The inverse of `pack`; browsers receive bytes as an `ArrayBuffer`. `take` is that of `decode`.
 * @throws Error when it is neither an array nor the bytes of one.
 */
export const unpack = (packet: unknown, take?: Take): unknown[] => {
  const messages = packet instanceof Uint8Array
    ? decode(packet, take)
    : packet instanceof ArrayBuffer
    ? decode(new Uint8Array(packet), take)
    : packet;
  if (!Array.isArray(messages)) throw new Error("A packet is an array of messages.");
  return messages;
};
