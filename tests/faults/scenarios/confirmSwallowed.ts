import { createAckDropper } from "../../harness/dropAck.ts";
import { expectMixed, mixedLoad } from "../mixedLoad.ts";
import type { Scenario } from "../scenario.ts";

/** Longer than a confirm is waited for, so that its loss is noticed while the handler runs. */
const LONG_MS = 12_000;
/** Enough for a handler that begins once more when the loss is noticed. */
const TWICE_MS = 40_000;

/** Confirms of the broker get lost on their way to a gateway, and to a worker. */
export const confirmSwallowed: Scenario = {
  name: "confirm swallowed",
  engines: ["rabbitmq"],
  short: [],
  async run(context) {
    const { ledger, expect, note } = context;
    const droppers = { gateway: createAckDropper(), worker: createAckDropper() };
    const system = await context.start({
      proxies: ["gateway", "worker"],
      incoming: (leg) => leg === "browser" ? undefined : droppers[leg].filter,
    });
    const client = system.connect();

    // Under load a later confirm often stands for the lost one as well.
    await mixedLoad(context, client, {
      count: 400,
      perSecond: 100,
      before(n) {
        if (n === 150) droppers.gateway.drop();
        if (n === 250) droppers.worker.drop();
      },
    });
    // With nothing behind it no other confirm makes up for it.
    droppers.gateway.drop(2);
    for (const type of ["steady.work", "steady.workOnce"]) {
      void client.once(type, { payload: { ms: LONG_MS }, options: { timeoutMs: TWICE_MS } });
    }
    droppers.worker.drop();
    await mixedLoad(context, client, { count: 4, perSecond: 4 });
    await ledger.settled();

    for (const [leg, { dropped }] of Object.entries(droppers)) {
      expect(dropped >= 2, `${dropped} confirms to the ${leg} were lost, not 2`);
    }
    const logs = system.parts.map((part) => part.log()).join("\n");
    note(`${logs.split("has not confirmed").length - 1} connections were cut for it`);
    expectMixed(context, ["BUS_UNAVAILABLE", "WORKER_LOST"]);
    const final = ledger.outcomes.filter(({ code, retryable }) => code !== "ok" && !retryable);
    expect(final.length === 0, `${final.length} failures are not retryable`);
  },
};
