import type { LedgerClient } from "../ledger.ts";
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
    const replaceAll = async () => {
      await replaceWorkers(context, system);
      await replaceGateways(context, system);
    };
    await loadDuring(context, { clients, perSecond: 25, act: replaceAll });
    expectMixed(context, []);
  },
};

/** Replaces every worker, under load: that must cost nothing, not even a second run. */
export const workersRestart: Scenario = {
  name: "workers restart one by one",
  engines: ["rabbitmq"],
  short: ["rabbitmq"],
  async run(context) {
    const { ledger, records, expect } = context;
    const system = await context.start();
    const clients = Array.from({ length: 4 }, system.connect);
    const replaceTwice = async () => {
      for (let round = 0; round < 2; round++) await replaceWorkers(context, system);
    };
    await loadDuring(context, { clients, perSecond: 50, act: replaceTwice });
    expectMixed(context, []);
    const { starts } = await records();
    const again = ledger.outcomes.filter(({ key }) => starts(key) !== 1);
    expect(again.length === 0, `${again.length} handlers did not start exactly once`);
  },
};

/** Makes load from every client until `act` is done, but not for ever. */
const loadDuring = async (
  { ledger }: Pick<FaultContext, "ledger">,
  { clients, perSecond, act }: {
    clients: LedgerClient[];
    perSecond: number;
    act(): Promise<void>;
  },
): Promise<void> => {
  let acting = true;
  const acted = act().finally(() => acting = false);
  const endless = { ledger: { ...ledger, settled: () => Promise.resolve() } };
  const batches = clients.map(async (client) => {
    for (let n = 0; acting && n < 60; n++) {
      await mixedLoad(endless, client, { count: perSecond, perSecond });
    }
  });
  await Promise.all([acted, ...batches]);
  await ledger.settled();
};

type Replacing = (context: Pick<FaultContext, "expect">, system: FaultSystem) => Promise<void>;

const replaceWorkers: Replacing = async ({ expect }, system) => {
  for (const worker of system.workers.filter(({ isMeantToEnd }) => !isMeantToEnd)) {
    await system.startWorker();
    const { code, signal } = await worker.stop();
    expect(code === 0, `${worker.name} stopped with ${signal ?? code}`);
  }
};

const replaceGateways: Replacing = async ({ expect }, system) => {
  for (const gateway of system.gateways.filter(({ isMeantToEnd }) => !isMeantToEnd)) {
    await system.startGateway();
    system.retire(gateway);
    const { code, signal } = await gateway.stop();
    expect(code === 0, `${gateway.name} stopped with ${signal ?? code}`);
  }
};
