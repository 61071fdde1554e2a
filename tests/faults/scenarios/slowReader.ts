import { until } from "../../harness/until.ts";
import { growth, memoryNow } from "../after.ts";
import type { Scenario } from "../scenario.ts";

const BYTES = 65_536;
const CHUNKS = 1_600;
const MAX_GROWTH_MIB = 32;
/** The stream must have been ended, and its handler's signal aborted, so long after the stop. */
const ENDED_MS = 90_000;

/** A stream of 100 MB to a reader that stops after ten chunks. */
export const slowReader: Scenario = {
  name: "slow reader",
  engines: ["rabbitmq", "embedded"],
  short: [],
  async run(context) {
    const { expect, note, records, ledger } = context;
    const system = await context.start({ workers: 1 });
    const client = system.connect();
    const ask = (onChunk?: (n: number) => Promise<void> | void) =>
      client.stream("steady.streamOnce", {
        payload: { bytes: BYTES },
        options: { timeoutMs: 4 * ENDED_MS },
        count: CHUNKS,
        onChunk,
      });
    // The first of its size makes the runtimes take what they keep for good.
    const before = await ask();
    expect(before.code === "ok", `a reader that does not stop got ${before.code}`);

    const baseline = await memoryNow(system.parts);
    const since = performance.now();
    const { promise: reading, resolve: read } = Promise.withResolvers<void>();
    const stopped = ask((n) => n < 10 ? undefined : reading);
    let peak = 0;
    const key = `${before.key.replace(/\d+$/, "")}${ledger.totals().sent}`;
    const hasAborted = async () => {
      peak = Math.max(peak, growth(baseline, await memoryNow(system.parts)));
      return (await records()).hasAborted(key);
    };
    await until(hasAborted, { what: "its handler to be aborted", timeoutMs: ENDED_MS })
      .catch((error) => expect(false, error.message));
    note(
      `aborted after ${Math.round((performance.now() - since) / 1_000)} s, +${peak.toFixed(0)} MiB`,
    );
    expect(peak <= MAX_GROWTH_MIB, `a process grew by ${peak.toFixed(0)} MiB`);
    read();
    const { code } = await stopped;
    expect(code !== "ok" && code !== "TIMEOUT", `the stream ended as ${code}`);
  },
};
