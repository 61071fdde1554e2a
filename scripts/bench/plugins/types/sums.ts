import process from "node:process";
import { definePlugin, handler } from "plugboard";
import * as v from "valibot";

const add = handler({
  input: v.object({ a: v.number(), b: v.number() }),
  output: v.number(),
  idempotent: true,
  concurrency: 1_024,
  handle: ({ a, b }) => a + b,
});
const count = Number(process.env.BENCH_TYPES ?? 10);

/** As many request types as `BENCH_TYPES` says, all alike: `add0`, `add1` and so on. */
export default definePlugin({
  name: process.env.BENCH_PLUGIN ?? "sums",
  handlers: Object.fromEntries(Array.from({ length: count }, (_, n) => [`add${n}`, add])),
});
