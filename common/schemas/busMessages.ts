import * as v from "valibot";
import { BusRequestId, RequestType } from "./ids.ts";
import { objectOf } from "./objectOf.ts";
import { variantOf } from "./variantOf.ts";

/** Who asks, as the gateway established it. Plugins read it as `principal`. */
export const Principal = objectOf({ id: v.string() });
export type Principal = v.InferOutput<typeof Principal>;

/** A request on the bus. */
export const BusRequest = objectOf({
  id: BusRequestId,
  type: RequestType,
  payload: v.optional(v.unknown()),
  /** Remaining milliseconds: time crosses machines as a duration, never as a clock reading. */
  timeoutMs: v.number(),
  /** Chunks the requester takes before it grants more. */
  credit: v.number(),
  /** Whoever asks takes `chunks` frames; any other gets a `chunk` for each. */
  chunks: v.optional(v.boolean()),
  /** 1 for the first delivery; higher where an earlier one may have begun and was lost. */
  attempt: v.number(),
  /** Whether its handler may be started again; absent where the requester does not know. */
  idempotent: v.optional(v.boolean()),
  principal: v.optional(Principal),
  trace: v.optional(v.string()),
});
export type BusRequest = v.InferOutput<typeof BusRequest>;

/**
 * A request as it leaves when so many milliseconds of its time are left: always a whole number, 1 at
 * least, as a broker takes no other. Where all of its time is left, the very request.
 */
export const withTimeLeft = (request: BusRequest, ms: number): BusRequest => {
  const timeoutMs = Math.max(1, Math.ceil(Math.min(ms, request.timeoutMs)));
  return timeoutMs === request.timeoutMs ? request : { ...request, timeoutMs };
};

/** What a requester says about a request under way. */
export const Control = variantOf("kind", [
  objectOf({
    kind: v.literal("cancel"),
    id: BusRequestId,
    reason: v.string(),
    /** Only this run and those before it, as a later one has replaced them; absent: every run. */
    attempt: v.optional(v.number()),
  }),
  /** All credit granted beyond the first, so that it does not matter how often it is said. */
  objectOf({ kind: v.literal("credit"), id: BusRequestId, total: v.number() }),
]);
export type Control = v.InferOutput<typeof Control>;

/**
 * What of a session's id is in the bus ids of its requests: 96 bits, enough to tell it from all
 * others. The rest would be in every message.
 */
export const busNameOf = (session: string): string => session.slice(0, 16);

/** The id the caller knows, out of a bus id: `s1:abc.1` is `abc.1`. */
export const callerId = (busId: string): string => busId.slice(busId.indexOf(":") + 1);
