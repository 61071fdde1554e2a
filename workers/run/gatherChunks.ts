import process from "node:process";
import type { FrameBody } from "../../common/schemas/frames.ts";
import { BYTES_PER_CREDIT } from "../../common/schemas/limits.ts";

/** Chunks of one stream on their way out. */
export type GatheredChunks = {
  /** Takes the next chunk, and gives the credit that it costs. */
  add(seq: number, data: unknown, bytes: number): number;
  /** Sends what there is: before any other frame of its request. */
  flush(): void;
};

/**
 * Gathers the chunks that a generator gives before it waits for anything, as long as one credit
 * would pay for all their bytes: they share a frame, which costs every process on its way far more
 * than a small chunk in it. None of them waits: a lone chunk leaves within its tick. Where they may
 * not go `together`, as who asked takes no such frames, each has one of its own.
 */
export const gatherChunks = (
  send: (body: FrameBody) => void,
  { together = false } = {},
): GatheredChunks => {
  // Below 0 not even a chunk without bytes has room beside another.
  const whole = together ? BYTES_PER_CREDIT : -1;
  let data: unknown[] = [];
  let room = whole;
  let first = 0;

  const flush = (): void => {
    const gathered = data;
    if (gathered.length === 0) return;
    data = [];
    room = whole;
    if (gathered.length > 1) send({ kind: "chunks", seq: first, data: gathered });
    else send({ kind: "chunk", seq: first, data: gathered[0] });
  };

  return {
    flush,
    add(seq, chunk, bytes) {
      if (bytes > room) flush();
      const cost = Math.max(1, Math.ceil(bytes / BYTES_PER_CREDIT));
      if (cost > 1) send({ kind: "chunk", seq, data: chunk, cost });
      else {
        if (data.length === 0) first = seq;
        // What a generator says within one tick is in microtasks, and this comes after them all.
        if (data.push(chunk) === 1) process.nextTick(flush);
        room -= bytes;
      }
      return cost;
    },
  };
};
