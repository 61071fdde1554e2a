import { until } from "../../harness/until.ts";
import { killHandlers } from "../killHandlers.ts";
import type { Scenario } from "../scenario.ts";

const STREAMS = 40;
const CHUNKS = 200;

/** Kills a worker in the middle of streams of both kinds. */
export const streamKill: Scenario = {
  name: "worker SIGKILL, mid-stream",
  engines: ["rabbitmq", "embedded"],
  short: ["rabbitmq", "embedded"],
  async run(context) {
    const { ledger, expect } = context;
    const system = await context.start();
    const client = system.connect();
    let came = 0;
    for (let n = 0; n < STREAMS; n++) {
      const type = n % 2 === 0 ? "steady.stream" : "steady.streamOnce";
      const onChunk = () => void came++;
      void client.stream(type, { payload: { everyMs: 10 }, count: CHUNKS, onChunk });
    }
    await until(() => came >= STREAMS * CHUNKS / 4, { what: "a quarter of all chunks" });
    await killHandlers(context, system);
    await ledger.settled();
    expect(came > STREAMS * CHUNKS / 2, `only ${came} chunks came`);
    const failed = ledger.outcomes.filter(({ code }) => code !== "ok");
    const again = failed.filter(({ type }) => type === "steady.stream");
    expect(
      again.length === 0,
      `${again.length} of an idempotent type failed: ${again[0]?.message}`,
    );
    const others = failed.filter(({ code }) => code !== "WORKER_LOST");
    expect(others.length === again.length, "some ended other than as WORKER_LOST");
  },
};
