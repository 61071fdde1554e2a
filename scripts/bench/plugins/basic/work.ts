import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { definePlugin, handler } from "plugboard";
import * as v from "valibot";

/** More than one worker runs at a time of anything that is not told otherwise. */
const MANY = 1_024;

/** What the bench asks for. Its name is told, so that two of them can share a broker. */
export default definePlugin({
  name: process.env.BENCH_PLUGIN ?? "bench",
  handlers: {
    add: handler({
      input: v.object({ a: v.number(), b: v.number() }),
      output: v.number(),
      idempotent: true,
      concurrency: Number(process.env.BENCH_CONCURRENCY ?? MANY),
      handle: ({ a, b }) => a + b,
    }),
    bytes: handler({
      input: v.object({ data: v.instance(Uint8Array) }),
      output: v.instance(Uint8Array),
      idempotent: true,
      handle: ({ data }) => data,
    }),
    count: handler({
      input: v.object({ upTo: v.number() }),
      chunk: v.number(),
      idempotent: true,
      async *handle({ upTo }) {
        for (let n = 0; n < upTo; n++) yield n;
      },
    }),
    pause: handler({
      input: v.object({ ms: v.number() }),
      output: v.null(),
      idempotent: true,
      concurrency: 1,
      async handle({ ms }, { signal }) {
        await delay(ms, undefined, { signal });
        return null;
      },
    }),
  },
});
