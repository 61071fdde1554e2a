import * as v from "valibot";
import { Asked } from "./asked.ts";
import { LogLevel } from "./frames.ts";
import { RequestId, SessionId } from "./ids.ts";
import { MAX_LOG_ENTRIES, MAX_LOG_TEXT, MAX_RESUMED } from "./limits.ts";
import { objectOf } from "./objectOf.ts";
import { variantOf } from "./variantOf.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));

/** What a client asks for. `credit` is how many chunks it will take before it grants more. */
export const RequestMessage = objectOf({
  kind: v.literal("request"),
  id: RequestId,
  ...Asked.entries,
  payload: v.optional(v.unknown()),
  credit: v.optional(count),
  /** Its client takes `chunks` frames; any other gets a `chunk` for each. */
  chunks: v.optional(v.boolean()),
  /** The caller's trace, carried through to every log line about the request. */
  trace: v.optional(v.pipe(v.string(), v.maxLength(128))),
  /** It was sent before, to a gateway that is gone: it may run already, or have run. */
  again: v.optional(v.boolean()),
});
export type RequestMessage = v.InferOutput<typeof RequestMessage>;

/** One line of a browser's log. `time` is the browser's clock, in milliseconds since 1970. */
export const LogEntry = v.object({
  level: LogLevel,
  time: v.number(),
  message: v.pipe(v.string(), v.maxLength(MAX_LOG_TEXT)),
  fields: v.optional(v.record(v.string(), v.unknown())),
});
export type LogEntry = v.InferOutput<typeof LogEntry>;

const total = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A request, and how many frames of it have come to the client. */
export const Held = v.object({
  id: RequestId,
  seq: total,
  /** All credit that the client has granted it since it was made, some of which may be lost. */
  credit: v.optional(total),
});
export type Held = v.InferOutput<typeof Held>;

const Cancel = v.object({
  kind: v.literal("cancel"),
  id: RequestId,
  reason: v.optional(v.pipe(v.string(), v.maxLength(200))),
});
const Credit = v.object({ kind: v.literal("credit"), id: RequestId, n: count });
/**
 * So many frames of this request have come, and, as they come in order, everything that was sent
 * over this connection before the last of them.
 */
const Received = v.object({ kind: v.literal("received"), id: RequestId, seq: total });

/** What is said of a request that a gateway has, be it this one or another. */
export const RequestControl = variantOf("kind", [Cancel, Credit, Received]);
export type RequestControl = v.InferOutput<typeof RequestControl>;

/** The first thing a client says on a new connection, when it had another before. */
export const ResumeMessage = v.object({
  kind: v.literal("resume"),
  session: SessionId,
  token: v.pipe(v.string(), v.maxLength(128)),
  /** Counts the times its client has resumed it, from 1: what was said before is old. */
  nth: count,
  /** What has no outcome yet; the rest of the session is forgotten. */
  requests: v.pipe(v.array(Held), v.maxLength(MAX_RESUMED)),
});
export type ResumeMessage = v.InferOutput<typeof ResumeMessage>;

/** What a client can watch beside its requests. */
export const Topic = v.picklist(["catalog", "status", "records"]);
export type Topic = v.InferOutput<typeof Topic>;

/** Everything a client may say; the Socket.IO event `messages` carries an array of these. */
export const ClientMessage = variantOf("kind", [
  RequestMessage,
  Cancel,
  Credit,
  Received,
  ResumeMessage,
  v.object({
    kind: v.literal("log"),
    entries: v.pipe(v.array(LogEntry), v.maxLength(MAX_LOG_ENTRIES)),
  }),
  /** Asks for a topic (absent: the catalog) now and whenever there is more, until `unwatch`. */
  v.object({ kind: v.literal("watch"), topic: v.optional(Topic) }),
  v.object({ kind: v.literal("unwatch"), topic: Topic }),
]);
export type ClientMessage = v.InferOutput<typeof ClientMessage>;
