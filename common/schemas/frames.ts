import * as v from "valibot";
import { BusRequestId } from "./ids.ts";
import { MAX_TIMEOUT_MS } from "./limits.ts";
import { objectOf } from "./objectOf.ts";
import { variantOf } from "./variantOf.ts";

/** Levels of a log line, the least grave first. */
export const LogLevel = v.picklist(["debug", "info", "warn", "error"]);
export type LogLevel = v.InferOutput<typeof LogLevel>;

/** Whether a line of one level is dropped where another is the lowest that is written. */
export const isBelow = (level: LogLevel, lowest: LogLevel): boolean =>
  LogLevel.options.indexOf(level) < LogLevel.options.indexOf(lowest);

const seq = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Where a request stood when it failed. `elapsedMs` counts from when it came there. */
export const Where = objectOf({
  state: v.picklist(["unsent", "sent", "queued", "running"]),
  /** How many workers serve its type, where that is known. */
  workers: v.optional(v.number()),
  /** The worker that was running it. */
  worker: v.optional(v.string()),
  elapsedMs: v.optional(v.number()),
});
export type Where = v.InferOutput<typeof Where>;

/** What every failure says. `RETRYABLE` in `errors.ts` lists our codes; plugins may add their own. */
const errorEntries = {
  code: v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9_]{0,63}$/)),
  message: v.string(),
  retryable: v.boolean(),
  details: v.optional(v.unknown()),
  where: v.optional(Where),
};
export const ErrorBody = v.object(errorEntries);
export type ErrorBody = v.InferOutput<typeof ErrorBody>;

/**
 * Which run of the handler a frame is of, on the bus alone: absent for the first; 2 or 3 for one
 * after a loss. The requester takes no frame of a run that a later one has replaced.
 */
const attempt = v.optional(v.pipe(v.number(), v.integer(), v.minValue(2)));

/**
 * One message back about a request. `end` and `error` are terminal: nothing follows them.
 * `chunk.seq` counts from 0; `end.seq` is the number of chunks, so a gap is always seen.
 */
export const Frame = variantOf("kind", [
  /** The time the request was given, where that is neither its caller's nor the usual one. */
  objectOf({
    kind: v.literal("accepted"),
    id: BusRequestId,
    timeoutMs: v.pipe(v.number(), v.minValue(1), v.maxValue(MAX_TIMEOUT_MS)),
  }),
  /** A worker runs it: at once for a stream, else only when it takes longer than a moment. */
  objectOf({
    kind: v.literal("started"),
    id: BusRequestId,
    worker: v.string(),
    attempt,
  }),
  objectOf({
    kind: v.literal("chunk"),
    id: BusRequestId,
    seq,
    data: v.optional(v.unknown()),
    /** The credit it took, where that is more than one. */
    cost: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2))),
    attempt,
  }),
  /** Small chunks that come at a stroke, the first of which is `seq`. Each took one credit. */
  objectOf({
    kind: v.literal("chunks"),
    id: BusRequestId,
    seq,
    data: v.array(v.unknown()),
    attempt,
  }),
  objectOf({
    kind: v.literal("progress"),
    id: BusRequestId,
    /** 0 to 1; absent where the end is not known. */
    fraction: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    message: v.optional(v.string()),
    attempt,
  }),
  objectOf({
    kind: v.literal("log"),
    id: BusRequestId,
    level: LogLevel,
    message: v.string(),
    fields: v.optional(v.record(v.string(), v.unknown())),
    attempt,
  }),
  /** `data` is the result of a handler that answers once (null for nothing); a stream has none. */
  objectOf({
    kind: v.literal("end"),
    id: BusRequestId,
    seq,
    data: v.optional(v.unknown()),
    attempt,
  }),
  objectOf({ kind: v.literal("error"), id: BusRequestId, ...errorEntries, attempt }),
]);
export type Frame = v.InferOutput<typeof Frame>;

/** A frame as a caller sees it: chunks one by one. */
export type SingleFrame = Exclude<Frame, { kind: "chunks" }>;

/** The chunks that came at a stroke, each in a frame of its own. */
export const apart = (
  { kind: _, seq, data, ...of }: Frame & { kind: "chunks" },
): (Frame & { kind: "chunk" })[] =>
  data.map((one, n) => ({ ...of, kind: "chunk", seq: seq + n, data: one }));

/** A frame without its first `n` chunks. */
export const withoutFirst = (n: number, frame: Frame): Frame =>
  frame.kind === "chunks" && n > 0
    ? { ...frame, seq: frame.seq + n, data: frame.data.slice(n) }
    : frame;

/** A frame before it is told which request it is about. */
export type FrameBody = Frame extends infer F ? F extends Frame ? Omit<F, "id"> : never : never;

/** What a frame says of its run: nothing of the first. */
export const runOf = ({ attempt }: { attempt: number }): { attempt?: number } =>
  attempt > 1 ? { attempt } : {};

/** The frame as its caller gets it: which run it is of is the bus's business alone. */
export const withoutRun = (frame: Frame): Frame => {
  if (!("attempt" in frame)) return frame;
  const { attempt: _, ...passed } = frame;
  return passed;
};

/** Whether nothing can follow this frame. */
export const isTerminal = (frame: { kind: string }): boolean =>
  frame.kind === "end" || frame.kind === "error";
