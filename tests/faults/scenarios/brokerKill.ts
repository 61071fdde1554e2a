import { setTimeout as delay } from "node:timers/promises";
import { pace } from "../pace.ts";
import type { FaultContext, Scenario } from "../scenario.ts";

/** Kills the broker halfway through a load of one type, and starts it again after a second. */
const killUnderLoad = (
  { name, type, short }: Pick<Scenario, "name" | "short"> & { type: string },
): Scenario => ({
  name,
  engines: ["rabbitmq"],
  short,
  hurtsBroker: true,
  async run(context: FaultContext) {
    const { ledger, expect, note } = context;
    const system = await context.start();
    const broker = context.broker();
    const count = context.short ? 1_000 : 2_000;
    const half = Math.floor(count / 2);
    const clients = Array.from({ length: 4 }, system.connect);
    const options = { timeoutMs: 30_000 };
    let back: Promise<void> | undefined;
    const killAndRestart = async () => {
      const since = performance.now();
      await broker.kill();
      await delay(1_000);
      await broker.restart();
      note(`away ${((performance.now() - since) / 1_000).toFixed(1)} s`);
    };
    const late: number[] = [];
    await pace({ count, perSecond: 900 }, (n) => {
      if (n === half) back = killAndRestart();
      const client = clients[n % clients.length]!;
      const ended = client.once(type, { payload: { ms: 100 }, options });
      // Made while it is certainly away: these can only wait.
      if (n >= half + 100) void ended.then(({ code }) => code === "ok" || late.push(n));
    });
    await back;
    await ledger.settled();
    expect(late.length === 0, `${late.length} made while it was away failed`);
    const failed = ledger.outcomes.filter(({ code }) => code !== "ok");
    if (type === "steady.work") {
      expect(failed.length === 0, `${failed.length} of an idempotent type failed`);
    } else {
      const final = failed.filter(({ retryable }) => !retryable);
      expect(final.length === 0, `${final.length} failures are not retryable`);
    }
  },
});

export const brokerKill = killUnderLoad({
  name: "broker SIGKILL",
  type: "steady.work",
  short: ["rabbitmq"],
});

export const brokerKillOnce = killUnderLoad({
  name: "broker SIGKILL, once",
  type: "steady.workOnce",
  short: [],
});
