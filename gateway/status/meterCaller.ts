import type { Caller } from "../../common/bus/createCaller.ts";
import type { BusRequest } from "../../common/schemas/busMessages.ts";
import { type Frame, isTerminal } from "../../common/schemas/frames.ts";

/** Told of each request once, with the frame that ends it and how long it took in milliseconds. */
export type OnSettled = (request: BusRequest, ending: { frame: Frame; ms: number }) => void;

/** The same caller, which tells of each request that settles before its caller hears of it. */
export const meterCaller = (
  caller: Caller,
  onSettled: OnSettled,
  { now }: { now(): number },
): Caller => ({
  get pending() {
    return caller.pending;
  },
  start(request, onFrame, options) {
    const startedAt = now();
    return caller.start(request, (frame) => {
      if (isTerminal(frame)) onSettled(request, { frame, ms: now() - startedAt });
      onFrame(frame);
    }, options);
  },
  held: caller.held,
  stop: caller.stop,
  close: caller.close,
});
