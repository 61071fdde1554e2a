import * as v from "valibot";
import type { HandlerContext } from "plugboard";

/** What a test runs: any handler, called the way a worker does. */
type Runnable = { input: v.GenericSchema; handle(input: never, context: HandlerContext): unknown };

/**
 * A worker in small: parses the input, calls the handler, parses what comes out, and keeps what
 * the handler reported on the way. `signal` is what the handler gets; by default it never aborts.
 */
export const createTestContext = ({ signal = new AbortController().signal } = {}) => {
  const fractions: (number | undefined)[] = [];
  const warnings: string[] = [];
  const ignore = () => {};
  const context: HandlerContext = {
    signal,
    progress: (fraction) => void fractions.push(fraction),
    log: { debug: ignore, info: ignore, warn: (message) => warnings.push(message), error: ignore },
    call: () => {
      throw new Error("There is nothing to call in a unit test.");
    },
    attempt: 1,
    requestId: "test",
  };
  // A handler takes what its own schema gives; only that schema knows the type.
  const start = (handler: Runnable, payload: unknown) =>
    handler.handle(v.parse(handler.input, payload) as never, context);

  return {
    fractions,
    warnings,
    result: async <Out extends v.GenericSchema>(
      handler: Runnable & { output: Out },
      payload: unknown,
    ): Promise<v.InferOutput<Out>> => v.parse(handler.output, await start(handler, payload)),
    async *chunks<Chunk extends v.GenericSchema>(
      handler: Runnable & { chunk: Chunk },
      payload: unknown,
    ): AsyncGenerator<v.InferOutput<Chunk>> {
      const answer = start(handler, payload) as AsyncIterable<unknown>;
      for await (const chunk of answer) yield v.parse(handler.chunk, chunk);
    },
  };
};
