import type { GenericSchema } from "valibot";
import type { StreamHandler, UnaryHandler } from "./types.ts";

/**
 * Declares one handler. With `output` it answers once; with `chunk` it is an async generator and
 * answers with a stream. The types of `handle` follow from the schemas.
 * @example
 * handler({ input: v.object({ a: v.number() }), output: v.number(), handle: ({ a }) => a + 1 })
 */
export function handler<In extends GenericSchema, Out extends GenericSchema>(
  definition: UnaryHandler<In, Out>,
): UnaryHandler<In, Out>;
export function handler<In extends GenericSchema, Chunk extends GenericSchema>(
  definition: StreamHandler<In, Chunk>,
): StreamHandler<In, Chunk>;
export function handler(definition: unknown): unknown {
  return definition;
}
