import { BASIC_ACK, type ByteFilter, createAmqpFilter } from "../harness/amqpFilter.ts";

/** Repeats one acknowledgement of an AMQP connection, which the broker must take as a fault. */
export type AckRepeater = {
  /** The next `basic.ack` of any connection goes twice. */
  repeatNext(): void;
  /** Whether it has gone. */
  readonly hasRepeated: boolean;
  /** What the bytes of one new connection, from client to broker, go through. */
  filter(): ByteFilter;
};

/** Makes a repeater that changes nothing until it is told to. */
export const createAckRepeater = (): AckRepeater => {
  let isArmed = false;
  let hasRepeated = false;
  const onFrame = (frame: Uint8Array, method: number): Uint8Array[] => {
    if (method !== BASIC_ACK || !isArmed) return [frame];
    isArmed = false;
    hasRepeated = true;
    return [frame, frame];
  };
  return {
    repeatNext: () => void (isArmed = true),
    get hasRepeated() {
      return hasRepeated;
    },
    filter: () => createAmqpFilter({ from: "client", onFrame }),
  };
};
