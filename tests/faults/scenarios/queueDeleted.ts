import { deleteQueues } from "../after.ts";
import { expectMixed, mixedLoad } from "../mixedLoad.ts";
import type { Scenario } from "../scenario.ts";

/** Somebody deletes a queue under its consumers, while nothing waits in it. */
export const queueDeleted: Scenario = {
  name: "queue deleted",
  engines: ["rabbitmq"],
  short: ["rabbitmq"],
  async run(context) {
    const { ledger, expect } = context;
    const system = await context.start();
    const client = system.connect();
    const hurt: Promise<void>[] = [];
    const load = { count: 200, perSecond: 200 };
    const remove = (queues: RegExp) => (n: number) =>
      n === 100 && hurt.push(deleteQueues(context.broker(), queues));

    await mixedLoad(context, client, { ...load, before: remove(/^plugboard\.requests\.steady\./) });
    expectMixed(context, ["WORKER_LOST"]);

    // Answers that were in this one are gone, and nobody knows of them.
    const before = ledger.outcomes.length;
    await mixedLoad(context, client, {
      ...load,
      timeoutMs: 3_000,
      before: remove(/^plugboard\.frames\./),
    });
    const failed = ledger.outcomes.slice(before).filter(({ code }) => code !== "ok");
    const others = failed.filter(({ code }) => code !== "TIMEOUT");
    expect(others.length === 0, `${others.length} ended as ${others[0]?.code}`);
    expect(failed.length <= load.count / 4, `${failed.length} answers were lost`);
    await Promise.all(hurt);
  },
};
