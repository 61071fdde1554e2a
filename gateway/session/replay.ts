import { RequestError } from "../../common/errors.ts";
import { measure } from "../../common/payload.ts";
import type { Frame } from "../../common/schemas/frames.ts";
import { BYTES_PER_CREDIT } from "../../common/schemas/limits.ts";

/** A frame and its place among all frames of its request. */
export type Placed = { index: number; frame: Frame };

/**
 * The frames of one request that its client may not have yet, in order: a record, as there is one
 * for each request, and closures of it would take more than most frames do.
 */
export type Replay = {
  kept: { frame: Frame; bytes: number }[];
  /** The place of the first that is kept. */
  first: number;
  /** About how many bytes are kept. */
  bytes: number;
};

/** Makes an empty one. */
export const createReplay = (): Replay => ({ kept: [], first: 0, bytes: 0 });

/** How many frames there have been. */
const countFrames = ({ kept, first }: Replay): number => first + kept.length;

/** Keeps a frame, and gives its place. */
export const keepFrame = (replay: Replay, frame: Frame): number => {
  const bytes = sizeOf(frame);
  replay.bytes += bytes;
  replay.kept.push({ frame, bytes });
  return countFrames(replay) - 1;
};

/** The first `count` frames have come. */
export const forgetFrames = (replay: Replay, count: number): void => {
  const gone = replay.kept.splice(0, Math.max(0, count - replay.first));
  replay.first += gone.length;
  for (const { bytes } of gone) replay.bytes -= bytes;
};

/** Every frame from that place on; `undefined` where some of them are no longer here. */
export const framesFrom = (replay: Replay, index: number): Placed[] | undefined => {
  const { kept, first } = replay;
  if (index < first || index > countFrames(replay)) return undefined;
  return kept.slice(index - first).map(({ frame }, offset) => ({ index: index + offset, frame }));
};

/** What a frame takes beside its data, about: to measure that of each would cost more than it. */
const ENVELOPE_BYTES = 100;

/** About how many bytes a frame takes. */
export const sizeOf = (frame: Frame): number => {
  if (frame.kind === "chunk" && frame.cost !== undefined) return frame.cost * BYTES_PER_CREDIT;
  const size = measure("data" in frame ? frame.data : frame);
  return ENVELOPE_BYTES + (size instanceof RequestError ? 0 : size.bytes);
};
