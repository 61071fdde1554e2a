import { setTimeout as delay } from "node:timers/promises";
import { bytes, definePlugin, handler, RequestError } from "plugboard";
import * as v from "valibot";
import { createId } from "../../common/ids.ts";

/** What the handlers of a test plugin saw. */
export type Seen = {
  started: string[];
  aborted: string[];
  /** When each of them was aborted, by `performance.now`. */
  abortedAt: Map<string, number>;
  peak: number;
  produced: number;
};

const AWKWARD: Record<string, () => unknown> = {
  toJSON: () => ({ toJSON: () => 1 }),
  getter: () => {
    let reads = 0;
    return Object.defineProperty({}, "value", {
      enumerable: true,
      get: () => reads++ === 0 ? 1 : BigInt(reads),
    });
  },
  cycle: () => {
    const value: Record<string, unknown> = {};
    return value.self = value;
  },
  bigint: () => [7n],
  map: () => new Map(),
  nan: () => ({ n: NaN }),
  proto: () => JSON.parse('{"__proto__":1}'),
};

/**
 * Makes a plugin under a name of its own, so that runs over one broker do not meet, and a record of
 * what its handlers saw. `type("echo")` is the request type of its handler `echo`.
 */
export const createTestPlugin = () => {
  const name = `t${createId().replaceAll(/[-_]/g, "")}`;
  const seen: Seen = { started: [], aborted: [], abortedAt: new Map(), peak: 0, produced: 0 };
  let running = 0;

  const watch = (key: string, signal: AbortSignal): void => {
    seen.started.push(key);
    signal.addEventListener("abort", () => {
      seen.aborted.push(key);
      seen.abortedAt.set(key, performance.now());
    });
  };
  const untilAborted = async (key: string, signal: AbortSignal): Promise<never> => {
    watch(key, signal);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw signal.reason;
  };

  const plugin = definePlugin({
    name,
    version: "1.2.3",
    handlers: {
      echo: handler({ input: v.unknown(), output: v.unknown(), handle: (value) => value }),
      count: handler({
        input: v.object({ to: v.number() }),
        chunk: v.number(),
        async *handle({ to }, { progress }) {
          for (let n = 0; n < to; n++) {
            seen.produced++;
            if (n % 1_000 === 0) progress(n / to, `at ${n}`);
            yield n;
          }
        },
      }),
      heavy: handler({
        input: v.object({ to: v.number(), bytes: v.number() }),
        chunk: bytes(),
        async *handle({ to, bytes: size }) {
          for (let n = 0; n < to; n++) {
            seen.produced++;
            yield new Uint8Array(size).fill(n);
          }
        },
      }),
      /** Counts for ever. */
      drip: handler({
        input: v.string(),
        chunk: v.number(),
        async *handle(key, { signal }) {
          watch(key, signal);
          for (let n = 0;; n++) yield n;
        },
      }),
      /** Passes on what a nested `drip` gives, whose key is in brackets. */
      dripNested: handler({
        input: v.string(),
        chunk: v.unknown(),
        async *handle(key, { call, signal }) {
          watch(key, signal);
          yield* call(`${name}.drip`, `(${key})`);
        },
      }),
      /** Runs until its signal aborts. One at a time. */
      hold: handler({
        input: v.string(),
        output: v.null(),
        concurrency: 1,
        handle: (key, { signal }) => untilAborted(key, signal),
      }),
      /** Runs until its signal aborts; a later run of the same request ends at once. */
      holdOnce: handler({
        input: v.string(),
        output: v.string(),
        idempotent: true,
        handle: (key, { signal, attempt }) =>
          attempt === 1 ? untilAborted(key, signal) : `attempt ${attempt}`,
      }),
      /** Takes `ms`, at most two at a time. */
      work: handler({
        input: v.object({ ms: v.number() }),
        output: v.string(),
        concurrency: 2,
        async handle({ ms }, { signal, requestId }) {
          seen.peak = Math.max(seen.peak, ++running);
          seen.started.push(requestId);
          await delay(ms, undefined, { signal }).finally(() => running--);
          return requestId;
        },
      }),
      throws: handler({
        input: v.optional(v.unknown()),
        output: v.null(),
        handle: () => {
          throw new Error("the secret of the handler");
        },
      }),
      refuses: handler({
        input: v.optional(v.unknown()),
        output: v.null(),
        handle: () => {
          throw new RequestError("NOT_FOUND", "There is no such thing.", {
            details: { looked: "everywhere" },
            retryable: true,
          });
        },
      }),
      breaks: handler({
        input: v.object({ after: v.number() }),
        chunk: v.number(),
        async *handle({ after }) {
          for (let n = 0; n < after; n++) yield n;
          throw new RequestError("HALFWAY", "No more.");
        },
      }),
      lies: handler({
        input: v.optional(v.unknown()),
        output: v.object({ shown: v.number() }),
        // What a plugin in plain JavaScript could return.
        handle: () => ({ shown: "no number" }) as unknown as { shown: number },
      }),
      leaks: handler({
        input: v.optional(v.unknown()),
        output: v.object({ shown: v.number() }),
        handle: () => ({ shown: 1, secret: "undeclared" }),
      }),
      /** Gives, or throws, what no leg of the path can carry. */
      awkward: handler({
        input: v.string(),
        output: v.unknown(),
        async handle(what, { progress, log }) {
          if (what === "progress") {
            // What a plugin in plain JavaScript could pass.
            progress("far" as unknown as number, 7n as unknown as string);
            log.info(7n as unknown as string, "text" as unknown as Record<string, unknown>);
            return "fine";
          }
          if (what === "thrown") throw Object.create(null);
          if (what === "code") throw new RequestError("not in capitals", "It is wrong.");
          if (what === "long") throw new RequestError("LONG", "x".repeat(100_000));
          await Promise.resolve();
          return AWKWARD[what]?.();
        },
      }),
      sumOf: handler({
        input: v.array(v.number()),
        output: v.number(),
        async handle(numbers, { call }) {
          let sum = 0;
          for (const number of numbers) sum += await call<number>(`${name}.echo`, number);
          return sum;
        },
      }),
      holdNested: handler({
        input: v.string(),
        output: v.null(),
        /** The key of the nested call is in brackets. */
        handle(key, { call, signal }) {
          watch(key, signal);
          return call<null>(`${name}.hold`, `(${key})`);
        },
      }),
      chatty: handler({
        input: v.optional(v.unknown()),
        output: v.boolean(),
        handle(_input, { log, progress }) {
          log.info("halfway there", { step: 1 });
          progress(0.5, "half");
          return true;
        },
      }),
    },
  });

  return { plugin, seen, type: (key: keyof typeof plugin.handlers): string => `${name}.${key}` };
};
