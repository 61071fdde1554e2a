import * as v from "valibot";
import { RequestType } from "./ids.ts";

/**
 * A JSON Schema (draft 7), made by the worker from the handler's Valibot schema. All that
 * `v.metadata` says of a value is in it: forms know `title`, `description`, `examples`,
 * `multiline: true`, and `secret: true` for what must not be kept. The `$comment` of what JSON has
 * no type for is what Valibot calls it.
 */
export const JsonSchema = v.record(v.string(), v.unknown());
export type JsonSchema = v.InferOutput<typeof JsonSchema>;

/** What is told of one handler. */
export const HandlerEntry = v.object({
  type: RequestType,
  title: v.optional(v.string()),
  description: v.optional(v.string()),
  /** `true`: it answers with chunks; `false`: with one result. */
  streams: v.boolean(),
  idempotent: v.boolean(),
  /** Milliseconds a request gets when its caller names no time. */
  timeoutMs: v.optional(v.number()),
  /** How many requests one worker runs at the same time. */
  concurrency: v.number(),
  /** Bytes are written as OpenAPI does: `{ "type": "string", "format": "binary" }`. */
  input: JsonSchema,
  /** Schema of the result, or of each chunk. */
  output: JsonSchema,
});
export type HandlerEntry = v.InferOutput<typeof HandlerEntry>;

/** What is told of one plugin. */
export const PluginEntry = v.object({
  name: v.string(),
  title: v.optional(v.string()),
  description: v.optional(v.string()),
  version: v.optional(v.string()),
  handlers: v.array(HandlerEntry),
});
export type PluginEntry = v.InferOutput<typeof PluginEntry>;

/** A plugin file that did not load. `file` is relative to the plugins folder; lines count from 1. */
export const BrokenPlugin = v.object({
  file: v.string(),
  line: v.optional(v.number()),
  message: v.string(),
});
export type BrokenPlugin = v.InferOutput<typeof BrokenPlugin>;

/** What a worker says of itself on the bus: at start, every 5 s, and (`goodbye`) when it stops. */
export const Announcement = v.object({
  worker: v.string(),
  goodbye: v.optional(v.boolean()),
  /**
   * Of which of its lives this is, where a worker can be cut off and come back, and its number in
   * that, from 1. A goodbye is for all of its life up to its own number, and for nothing else; one
   * without a life always counts.
   */
  life: v.optional(v.object({ id: v.string(), nth: v.number() })),
  /** Some of its plugins are still being loaded. */
  starting: v.optional(v.boolean()),
  plugins: v.array(PluginEntry),
  broken: v.array(BrokenPlugin),
});
export type Announcement = v.InferOutput<typeof Announcement>;

/** The live list a gateway keeps of what its workers announced. */
export const Catalog = v.object({
  workers: v.array(v.object({
    id: v.string(),
    types: v.array(v.string()),
    starting: v.optional(v.boolean()),
  })),
  plugins: v.array(PluginEntry),
  broken: v.array(BrokenPlugin),
});
export type Catalog = v.InferOutput<typeof Catalog>;
