import { BASIC_ACK, type ByteFilter, createAmqpFilter } from "./amqpFilter.ts";

/** Loses confirms (`basic.ack`) on their way from the broker to us. */
export type AckDropper = {
  /** The next so many of all connections are lost. Default 1. */
  drop(count?: number): void;
  /** How many were lost so far. */
  readonly dropped: number;
  /** For one new connection. */
  filter(): ByteFilter;
};

/** Makes a dropper that changes nothing until it is told to. */
export const createAckDropper = (): AckDropper => {
  let left = 0;
  let dropped = 0;
  const onFrame = (frame: Uint8Array, method: number): Uint8Array[] => {
    if (method !== BASIC_ACK || left === 0) return [frame];
    left--;
    dropped++;
    return [];
  };
  return {
    drop: (count = 1) => void (left = count),
    get dropped() {
      return dropped;
    },
    filter: () => createAmqpFilter({ from: "broker", onFrame }),
  };
};
