import { setImmediate } from "node:timers/promises";
import * as v from "valibot";
import { definePlugin, handler } from "plugboard";

export default definePlugin({
  name: "math",
  title: "Arithmetic",
  description: "A sum, and the primes as they are found.",
  version: "1.0.0",
  handlers: {
    add: handler({
      title: "Add two numbers",
      input: v.object({
        a: v.pipe(v.number(), v.title("First number"), v.metadata({ examples: [1] })),
        b: v.pipe(v.number(), v.title("Second number"), v.metadata({ examples: [2] })),
      }),
      output: v.pipe(v.number(), v.title("Sum")),
      idempotent: true,
      timeoutMs: 5_000,
      concurrency: 64,
      handle: ({ a, b }) => a + b,
    }),

    primes: handler({
      title: "List primes",
      description:
        "Streams every prime up to a limit, smallest first, by the sieve of Eratosthenes.",
      input: v.object({
        upTo: v.pipe(
          v.number(),
          v.integer(),
          v.minValue(2),
          v.maxValue(10_000_000),
          v.title("Up to"),
          v.description("The largest number to look at."),
          v.metadata({ examples: [100, 1_000_000] }),
        ),
      }),
      chunk: v.pipe(v.number(), v.title("Prime")),
      async *handle({ upTo }, { signal, progress }) {
        // At most 100 segments, so at most 100 reports; the first holds every prime up to √upTo.
        const size = Math.max(10_000, Math.ceil(upTo / 100));
        const base: number[] = [];
        for (let low = 2; low <= upTo; low += size) {
          const high = Math.min(low + size, upTo + 1);
          const composite = new Uint8Array(high - low);
          const strike = (prime: number) => {
            const first = Math.max(prime * prime, Math.ceil(low / prime) * prime);
            for (let n = first; n < high; n += prime) composite[n - low] = 1;
          };
          base.forEach(strike);
          for (let n = low; n < high; n++) {
            if (composite[n - low] === 1) continue;
            if (n * n <= upTo) {
              base.push(n);
              strike(n);
            }
            yield n;
          }
          progress((high - 1) / upTo, `looked at ${high - 1}`);
          // Lets other requests, and this one's cancellation, in between two segments.
          await setImmediate(undefined, { signal });
        }
      },
    }),
  },
});
