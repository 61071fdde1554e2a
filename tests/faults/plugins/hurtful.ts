import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { definePlugin, handler, type HandlerContext } from "plugboard";
import * as v from "valibot";
import { record } from "./_record.ts";

const Input = v.object({ key: v.string() });
type Given = v.InferOutput<typeof Input>;

const die = ({ key }: Given, context: HandlerContext): Promise<null> => {
  record("start", key, context);
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
};

/** What plugins do to their neighbours. */
export default definePlugin({
  name: "hurtful",
  handlers: {
    /** Never gives the thread back. */
    loop: handler({
      input: Input,
      output: v.null(),
      handle({ key }, context) {
        record("start", key, context);
        for (;;);
      },
    }),
    /** Keeps 16 MiB more every 10 ms, for ever. */
    leak: handler({
      input: Input,
      output: v.null(),
      async handle({ key }, context) {
        record("start", key, context);
        const kept: Uint8Array[] = [];
        for (;;) {
          // Filled: memory nobody wrote to is not counted as used.
          kept.push(new Uint8Array(16 * 2 ** 20).fill(kept.length + 1));
          await delay(10);
        }
      },
    }),
    /** Answers, and throws afterwards where nobody can catch it. */
    lateThrow: handler({
      input: Input,
      output: v.null(),
      handle({ key }, context) {
        record("start", key, context);
        setTimeout(() => {
          throw new Error("thrown late");
        }, 20);
        void delay(20).then(() => Promise.reject(new Error("rejected late")));
        return null;
      },
    }),
    exit: handler({
      input: Input,
      output: v.null(),
      handle({ key }, context) {
        record("start", key, context);
        process.exit(3);
      },
    }),
    crash: handler({ input: Input, output: v.null(), handle: die }),
    /** Would be run again and again. */
    poison: handler({ input: Input, output: v.null(), idempotent: true, handle: die }),
  },
});
