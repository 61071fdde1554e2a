import { pace } from "../pace.ts";
import { killHandlers } from "../killHandlers.ts";
import type { FaultContext, Scenario } from "../scenario.ts";

/** What a worker may hold at a time, as `plugins/steady.ts` says. */
const CONCURRENCY = 128;

/** Kills one of two workers halfway through a load of one type. */
const killUnderLoad = (
  { name, type, short }: Pick<Scenario, "name" | "short"> & { type: string },
): Scenario => ({
  name,
  engines: ["rabbitmq", "embedded"],
  short,
  async run(context: FaultContext) {
    const { ledger, expect, note } = context;
    const system = await context.start();
    const count = context.short ? 1_000 : 2_000;
    const clients = Array.from({ length: 4 }, system.connect);
    let killing: ReturnType<typeof killHandlers> | undefined;
    const payload = { ms: 100 };
    await pace({ count, perSecond: 900 }, (n) => {
      if (n === Math.floor(count / 2)) killing = killHandlers(context, system);
      void clients[n % clients.length]!.once(type, { payload });
    });
    const victim = await killing;
    await ledger.settled();
    const failed = ledger.outcomes.filter(({ code }) => code !== "ok");
    note(`${(await context.records()).runningIn(victim!).size} were running on it`);
    if (type === "steady.work") {
      expect(failed.length === 0, `${failed.length} of an idempotent type failed`);
      return;
    }
    const others = failed.filter(({ code }) => code !== "WORKER_LOST");
    expect(others.length === 0, `${others.length} ended other than as WORKER_LOST`);
    // What was on its way to it counts as running there: nobody can tell any more.
    expect(failed.length <= CONCURRENCY, `${failed.length} failed: more than a worker can hold`);
  },
});

export const workerKill = killUnderLoad({
  name: "worker SIGKILL",
  type: "steady.work",
  short: ["rabbitmq", "embedded"],
});

export const workerKillOnce = killUnderLoad({
  name: "worker SIGKILL, once",
  type: "steady.workOnce",
  short: ["rabbitmq"],
});
