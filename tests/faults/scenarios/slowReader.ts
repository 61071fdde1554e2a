import { until } from "../../harness/until.ts";
import { growth, memoryNow } from "../after.ts";
import type { Scenario } from "../scenario.ts";

const BYTES = 65_536;
const CHUNKS = 1_600;
const MAX_GROWTH_MIB = 32;
/** How long a reader may take nothing; the full form keeps what is usual. */
const STALL_MS = { short: 5_000, full: 60_000 };
/** So long after that the stream must have been ended, and its handler's signal aborted. */
const MARGIN_MS = 15_000;
/** Full reads before what a process uses counts as what its runtime keeps for good. */
const MOST_READS = 8;
const SETTLED_MIB = 4;

/** A stream of 100 MB to a reader that stops after ten chunks. */
export const slowReader: Scenario = {
  name: "slow reader",
  engines: ["rabbitmq", "embedded"],
  short: ["rabbitmq", "embedded"],
  async run(context) {
    const { expect, note, records, ledger, short } = context;
    const stallMs = short ? STALL_MS.short : STALL_MS.full;
    const system = await context.start({ workers: 1, env: { STALL_MS: String(stallMs) } });
    const client = system.connect();
    const ask = (onChunk?: (n: number) => Promise<void> | void) =>
      client.stream("steady.streamOnce", {
        payload: { bytes: BYTES },
        options: { timeoutMs: 4 * STALL_MS.full },
        count: CHUNKS,
        onChunk,
      });

    // Reading it whole makes the runtimes take memory that they keep, however little is buffered:
    // what is asked here is what a reader that stops adds to that.
    let kept = await memoryNow(system.parts);
    for (let reads = 0, grown = Infinity; grown > SETTLED_MIB && reads < MOST_READS; reads++) {
      const { code } = await ask();
      expect(code === "ok", `a reader that does not stop got ${code}`);
      const now = await memoryNow(system.parts);
      grown = growth(kept, now);
      kept = now;
    }
    const baseline = await context.rebase();

    const since = performance.now();
    const { promise: reading, resolve: read } = Promise.withResolvers<void>();
    const stopped = ask((n) => n < 10 ? undefined : reading);
    const key = ledger.outcomes[0]!.key.replace(/\d+$/, String(ledger.totals().sent));
    let peak = 0;
    const hasAborted = async () => {
      peak = Math.max(peak, growth(baseline, await memoryNow(system.parts)));
      return (await records()).hasAborted(key);
    };
    const timeoutMs = stallMs + MARGIN_MS;
    await until(hasAborted, { what: "its handler to be aborted", timeoutMs })
      .catch((error) => expect(false, error.message));
    const abortedMs = performance.now() - since;
    note(`aborted after ${Math.round(abortedMs / 1_000)} s, +${peak.toFixed(0)} MiB`);
    expect(abortedMs >= stallMs, `its handler was aborted after ${Math.round(abortedMs)} ms`);
    expect(peak <= MAX_GROWTH_MIB, `a process grew by ${peak.toFixed(0)} MiB`);
    read();
    const { code } = await stopped;
    expect(code === "STREAM_BROKEN", `the stream ended as ${code}`);
  },
};
