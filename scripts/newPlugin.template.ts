import { setTimeout } from "node:timers/promises";
import * as v from "valibot";
import { definePlugin, handler } from "plugboard";

export default definePlugin({
  name: "hello",
  description: "What this plugin is for, in a sentence.",
  handlers: {
    greet: handler({
      title: "Greet somebody",
      input: v.object({ name: v.pipe(v.string(), v.minLength(1)) }),
      output: v.string(),
      handle: ({ name }) => `Hello, ${name}!`,
    }),

    countdown: handler({
      title: "Count down",
      input: v.object({ from: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(60)) }),
      chunk: v.number(), // `chunk` instead of `output`: it streams.
      async *handle({ from }, { signal, progress }) {
        for (let n = from; n > 0; n--) {
          yield n;
          await setTimeout(1_000, undefined, { signal }); // Ends at once when it is cancelled.
          progress((from - n + 1) / from);
        }
      },
    }),
  },
});
