import * as v from "valibot";
import { LogLevel } from "./frames.ts";

/**
 * What became of requests, by the gateway that took them. Cancelled ones count neither as failed
 * nor in the times; those that never began count in no time.
 */
const outcomeEntries = {
  ok: v.number(),
  failed: v.number(),
  cancelled: v.number(),
  /** Percentiles of the time to the last frame in milliseconds, 9 % off at most. */
  p50: v.optional(v.number()),
  p95: v.optional(v.number()),
  p99: v.optional(v.number()),
};
export const Outcomes = v.object(outcomeEntries);
export type Outcomes = v.InferOutput<typeof Outcomes>;

/** Some seconds of a gateway's past. */
export const Sample = v.object({
  ...outcomeEntries,
  /** How long it was, in milliseconds. */
  ms: v.number(),
  /** Requests without an outcome at its end. */
  inFlight: v.number(),
  /** Requests that waited for a worker at its end; known only while somebody watched. */
  queued: v.optional(v.number()),
});
export type Sample = v.InferOutput<typeof Sample>;

/** The last 15 minutes of one request type. */
export const TypeStatus = v.object({
  ...outcomeEntries,
  type: v.string(),
  /** How many failed with each code. */
  codes: v.record(v.string(), v.number()),
  queued: v.optional(v.number()),
});
export type TypeStatus = v.InferOutput<typeof TypeStatus>;

/** How a gateway is. Of the samples those that the watcher does not have yet, all at first. */
export const Status = v.object({
  gateway: v.string(),
  uptimeMs: v.number(),
  /** How many other gateways there are, which count for themselves. */
  peers: v.number(),
  clients: v.number(),
  inFlight: v.number(),
  queued: v.optional(v.number()),
  lastMinute: Outcomes,
  types: v.array(TypeStatus),
  /** Types beyond the bound of what is counted apart, and those that nobody ever served. */
  others: v.optional(Outcomes),
  /** The number of the first of the samples, from 0 for the oldest that there ever was. */
  first: v.number(),
  samples: v.array(Sample),
});
export type Status = v.InferOutput<typeof Status>;

/** A line of a gateway's log, without what could tell of a payload. */
export const LogRecord = v.object({
  /** Counts from 0 at the gateway's start; what others alone may see leaves gaps. */
  n: v.number(),
  /** The gateway's clock, in milliseconds since 1970: to be read, not to be reckoned with. */
  time: v.number(),
  level: LogLevel,
  message: v.string(),
  fields: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
});
export type LogRecord = v.InferOutput<typeof LogRecord>;

/** What is told of a log: at first all that is kept, then what comes. */
export const Records = v.object({
  gateway: v.string(),
  /** The least grave lines that the gateway writes. */
  level: LogLevel,
  records: v.array(LogRecord),
  /** How many before these were too many at once. */
  skipped: v.number(),
});
export type Records = v.InferOutput<typeof Records>;

/** What is told of each topic beside the catalog. */
export const TOLD = { status: Status, records: Records };
/** What is told of a topic. */
export type Told = { [T in keyof typeof TOLD]: v.InferOutput<(typeof TOLD)[T]> };
