import type { Deadline } from "../createDeadlines.ts";
import type { BusRequest } from "../schemas/busMessages.ts";
import type { Frame } from "../schemas/frames.ts";
import { MAX_CREDIT } from "../schemas/limits.ts";
import { type CallState, queuedCall } from "./callState.ts";

/** Takes the frames of one request. */
export type OnFrame = (frame: Frame) => void;

/**
 * One request under way, as its caller keeps it. What is done with it are functions of the caller:
 * as closures of each they were most of what a request allocated.
 */
export type Call = {
  readonly request: BusRequest;
  readonly onFrame: OnFrame;
  /** When its time is over, on the caller's clock. */
  readonly endsAt: number;
  /** What its first run begins with; what was granted since; what of all the worker has not used. */
  credit: number;
  granted: number;
  unused: number;
  state: CallState;
  isSent: boolean;
  /** The bus has taken responsibility for its newest run. */
  isHandedOver: boolean;
  deadline?: Deadline;
  /** Gives up its place among those who take turns. */
  leave?(): void;
};

/** Makes one that begins `now`, on the caller's clock. */
export const createCall = (request: BusRequest, onFrame: OnFrame, now: number): Call => {
  const credit = Math.min(request.credit, MAX_CREDIT);
  // No other object spread in it: V8 is slow at that.
  return {
    request,
    onFrame,
    endsAt: now + request.timeoutMs,
    credit,
    granted: 0,
    unused: credit,
    state: queuedCall({ now, attempt: request.attempt }),
    isSent: false,
    isHandedOver: false,
    deadline: undefined,
    leave: undefined,
  };
};

/** Whether what came of handing this run over still matters. */
export const awaits = ({ state }: Call, attempt: number): boolean =>
  state.at !== "settled" && state.attempt === attempt;
