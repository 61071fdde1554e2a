import { RequestError } from "../../common/errors.ts";
import { measure } from "../../common/payload.ts";
import type { Frame } from "../../common/schemas/frames.ts";
import { BYTES_PER_CREDIT } from "../../common/schemas/limits.ts";

/** A frame and its place among all frames of its request. */
export type Placed = { index: number; frame: Frame };

/** The frames of one request that its client may not have yet, in order. */
export type Replay = ReturnType<typeof createReplay>;

/** Makes an empty one. */
export const createReplay = () => {
  const kept: { frame: Frame; bytes: number }[] = [];
  /** The place of the first that is kept. */
  let first = 0;
  let bytes = 0;

  // Methods: with getters, V8 makes a hidden class for each such object.
  return {
    /** About how many bytes are kept. */
    bytes: (): number => bytes,
    /** How many frames there have been. */
    count: (): number => first + kept.length,
    isEmpty: (): boolean => kept.length === 0,
    /** Keeps a frame, and gives its place. */
    add(frame: Frame): number {
      const size = sizeOf(frame);
      bytes += size;
      kept.push({ frame, bytes: size });
      return first + kept.length - 1;
    },
    /** The first `count` frames have come. */
    forget(count: number): void {
      const gone = kept.splice(0, Math.max(0, count - first));
      first += gone.length;
      for (const one of gone) bytes -= one.bytes;
    },
    /** Every frame from that place on; `undefined` where some of them are no longer here. */
    from(index: number): Placed[] | undefined {
      if (index < first || index > first + kept.length) return undefined;
      return kept.slice(index - first)
        .map(({ frame }, offset) => ({ index: index + offset, frame }));
    },
  };
};

/** What a frame takes beside its data, about: to measure that of each would cost more than it. */
const ENVELOPE_BYTES = 100;

/** About how many bytes a frame takes. */
export const sizeOf = (frame: Frame): number => {
  if (frame.kind === "chunk" && frame.cost !== undefined) return frame.cost * BYTES_PER_CREDIT;
  const size = measure("data" in frame ? frame.data : frame);
  return ENVELOPE_BYTES + (size instanceof RequestError ? 0 : size.bytes);
};
