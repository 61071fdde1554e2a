import { type Placed, sizeOf } from "./replay.ts";

/** Frames relayed in one message, in bytes: a broker may refuse what is much larger. */
const PORTION_BYTES = 1_048_576;

/** Splits frames, in order, so that a message with one portion is not large for a broker. */
export const portions = (placed: Placed[], { most = PORTION_BYTES } = {}): Placed[][] => {
  const all: Placed[][] = [];
  let room = 0;
  for (const { index, frame } of placed) {
    const bytes = sizeOf(frame);
    if (all.length === 0 || bytes > room) {
      all.push([]);
      room = most;
    }
    all.at(-1)!.push({ index, frame });
    room -= bytes;
  }
  return all;
};
