import { expectMixed, mixedLoad } from "../mixedLoad.ts";
import type { FaultContext, Scenario } from "../scenario.ts";
import type { FaultSystem } from "../system.ts";

/** Replaces two gateways and two workers one after the other, under load. */
export const rollingRestart: Scenario = {
  name: "rolling restart",
  engines: ["rabbitmq"],
  short: ["rabbitmq"],
  async run(context) {
    const system = await context.start({ gateways: 2 });
    const clients = Array.from({ length: 4 }, system.connect);
    const perSecond = 25;
    let restarting = true;
    const restarted = replaceAll(context, system).finally(() => restarting = false);
    // Load until the last one is replaced, but not for ever.
    const batches = clients.map(async (client) => {
      for (let n = 0; restarting && n < 60; n++) {
        await mixedLoad(
          { ledger: { ...context.ledger, settled: () => Promise.resolve() } },
          client,
          {
            count: perSecond,
            perSecond,
          },
        );
      }
    });
    await Promise.all([restarted, ...batches]);
    await context.ledger.settled();
    expectMixed(context, []);
  },
};

const replaceAll = async (
  { expect }: Pick<FaultContext, "expect">,
  system: FaultSystem,
): Promise<void> => {
  for (const worker of [...system.workers]) {
    await system.startWorker();
    const { code, signal } = await worker.stop();
    expect(code === 0, `${worker.name} stopped with ${signal ?? code}`);
  }
  for (const gateway of [...system.gateways]) {
    await system.startGateway();
    system.retire(gateway);
    const { code, signal } = await gateway.stop();
    expect(code === 0, `${gateway.name} stopped with ${signal ?? code}`);
  }
};
