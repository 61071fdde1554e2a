import { deleteQueues } from "../after.ts";
import { expectMixed, mixedLoad } from "../mixedLoad.ts";
import type { Scenario } from "../scenario.ts";

const STREAMS = 4;

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

    // Answers that were in this one are gone: what may run again does, the rest hears of nobody.
    const before = ledger.outcomes.length;
    for (let n = 0; n < STREAMS; n++) {
      void client.stream("steady.stream", { payload: { everyMs: 10 }, count: 100 });
    }
    await mixedLoad(context, client, {
      ...load,
      timeoutMs: 3_000,
      before: remove(/^plugboard\.frames\./),
    });
    const failed = ledger.outcomes.slice(before).filter(({ code }) => code !== "ok");
    const others = failed.filter(({ type, code }) => code !== "TIMEOUT" || !type.endsWith("Once"));
    const [example] = others;
    expect(
      others.length === 0,
      `${others.length} failed, such as ${example?.type} with ${example?.code}: ${example?.message}`,
    );
    expect(failed.length <= load.count / 4, `${failed.length} answers were lost`);
    await Promise.all(hurt);
  },
};
