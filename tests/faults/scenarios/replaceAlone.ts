import { expectMixed } from "../mixedLoad.ts";
import { pace } from "../pace.ts";
import type { Scenario } from "../scenario.ts";

/** The one process there is stops in good order, under load, while another one takes its place. */
export const replaceAlone: Scenario = {
  name: "one process replaced",
  engines: ["embedded"],
  short: ["embedded"],
  async run(context) {
    const { ledger, expect } = context;
    const system = await context.start({ balanced: true });
    const clients = Array.from({ length: 4 }, system.connect);
    const [old] = system.gateways;
    let replacing: Promise<void> | undefined;
    const replace = async () => {
      await system.startGateway();
      system.retire(old!);
      const { code, signal } = await old!.stop();
      expect(code === 0, `it stopped with ${signal ?? code}`);
    };
    await pace({ count: 400, perSecond: 50 }, (n) => {
      const client = clients[n % 4]!;
      if (n === 100) replacing = replace();
      if (n % 10 === 0) {
        void client.stream("steady.streamOnce", { payload: { everyMs: 20 }, count: 50 });
      } else {
        const type = n % 2 === 0 ? "steady.work" : "steady.workOnce";
        void client.once(type, { payload: { ms: 20 * (n % 40) } });
      }
    });
    await replacing;
    await ledger.settled();
    expectMixed(context, []);
  },
};
