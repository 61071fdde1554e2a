import process from "node:process";
import * as v from "valibot";
import { percentile } from "../statistics.ts";
import type { Driver } from "./driver.ts";

/** How much load, and for how long. */
export const LoadOptions = v.object({
  inFlight: v.number(),
  /** Milliseconds after which, or requests after which, no more are begun. */
  ms: v.number(),
  most: v.optional(v.number(), 1_000_000),
});
export type LoadOptions = v.InferInput<typeof LoadOptions>;

/** What came of it. */
export const LoadResult = v.object({
  requests: v.number(),
  /** Requests, or the chunks of streams. */
  units: v.number(),
  seconds: v.number(),
  /** Milliseconds from a request to its answer, or to the last chunk. */
  p50: v.number(),
  p99: v.number(),
  /** Of one core, from 0 to 1: what the load generator itself used. */
  share: v.number(),
});
export type LoadResult = v.InferOutput<typeof LoadResult>;

/**
 * Keeps so many requests under way that the next one begins when one has its answer. What is under
 * way at the end counts, and so does the time it takes.
 * @throws Error of the first request that failed
 */
export const runLoad = async (driver: Driver, options: LoadOptions): Promise<LoadResult> => {
  const { inFlight, ms, most } = v.parse(LoadOptions, options);
  const latencies: number[] = [];
  let units = 0;
  let begun = 0;
  const cpu = process.cpuUsage();
  const since = performance.now();
  const lane = async (): Promise<void> => {
    let now = performance.now();
    while (now - since < ms && begun < most) {
      const before = now;
      // In two steps: `+=` would add to what it was before the wait.
      const back = await driver.call(begun++);
      units += back;
      now = performance.now();
      latencies.push(now - before);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const seconds = (performance.now() - since) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    requests: latencies.length,
    units,
    seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    share: (user + system) / 1e6 / seconds,
  };
};
