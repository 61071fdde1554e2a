import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { definePlugin, handler, type HandlerContext } from "plugboard";
import * as v from "valibot";
import "./_clock.ts";
import { record } from "./_record.ts";

const Work = v.object({ key: v.string(), ms: v.number() });
const Result = v.object({ key: v.string(), pid: v.number() });
const Stream = v.object({
  key: v.string(),
  count: v.number(),
  everyMs: v.optional(v.number(), 0),
  bytes: v.optional(v.number(), 0),
});
const Chunk = v.object({ key: v.string(), n: v.number(), pad: v.optional(v.instance(Uint8Array)) });

const work = async ({ key, ms }: v.InferOutput<typeof Work>, context: HandlerContext) => {
  record("start", key, context);
  context.signal.addEventListener("abort", () => record("abort", key, context));
  await delay(ms, undefined, { signal: context.signal });
  record("end", key, context);
  return { key, pid: process.pid };
};

async function* stream(
  { key, count, everyMs, bytes }: v.InferOutput<typeof Stream>,
  context: HandlerContext,
) {
  record("start", key, context);
  context.signal.addEventListener("abort", () => record("abort", key, context));
  for (let n = 0; n < count; n++) {
    if (everyMs > 0) await delay(everyMs, undefined, { signal: context.signal });
    yield { key, n, pad: bytes > 0 ? new Uint8Array(bytes) : undefined };
  }
  record("end", key, context);
}

/** Well-behaved handlers, each once idempotent and once not. */
export default definePlugin({
  name: "steady",
  handlers: {
    work: handler({
      input: Work,
      output: Result,
      idempotent: true,
      concurrency: 128,
      handle: work,
    }),
    workOnce: handler({ input: Work, output: Result, concurrency: 128, handle: work }),
    stream: handler({
      input: Stream,
      chunk: Chunk,
      idempotent: true,
      concurrency: 128,
      handle: stream,
    }),
    streamOnce: handler({ input: Stream, chunk: Chunk, concurrency: 128, handle: stream }),
    /** The wall clock of its process. */
    clock: handler({
      input: v.object({ key: v.string() }),
      output: v.number(),
      idempotent: true,
      handle: () => Date.now(),
    }),
    ping: handler({
      input: v.object({ key: v.string(), ms: v.optional(v.number(), 0) }),
      output: Result,
      idempotent: true,
      concurrency: 128,
      async handle({ key, ms }) {
        await delay(ms);
        return { key, pid: process.pid };
      },
    }),
  },
});
