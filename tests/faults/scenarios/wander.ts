import { setTimeout as delay } from "node:timers/promises";
import type { Scenario } from "../scenario.ts";

const CUTS = 4;

/** Tabs whose connections break again and again, and each time lead to another gateway. */
export const wander: Scenario = {
  name: "tabs change gateways",
  engines: ["rabbitmq"],
  short: ["rabbitmq"],
  async run(context) {
    const { ledger, expect, short } = context;
    const system = await context.start({ gateways: 2 });
    // An odd number, so that a tab does not meet the same gateway each time.
    const clients = Array.from({ length: 5 }, system.connect);
    const count = short ? 600 : 1_500;
    const cutAt = new Set(Array.from({ length: CUTS }, (_, n) => Math.floor(count * (n + 1) / 6)));
    for (const [index, client] of clients.entries()) {
      const onChunk = (n: number) =>
        index === 0 && cutAt.delete(n) ? system.cutClients() : undefined;
      for (const type of ["steady.stream", "steady.streamOnce"]) {
        void client.stream(type, { payload: { everyMs: 5 }, count, onChunk });
      }
      // Faster than it is read, through many windows: credit is on its way at every cut.
      void client.stream("steady.streamOnce", { count: 4 * count, onChunk: () => delay(1) });
      for (const type of ["steady.work", "steady.workOnce"]) {
        void client.once(type, { payload: { ms: 3_000 } });
      }
    }
    await ledger.settled();
    expect(cutAt.size === 0, `${cutAt.size} cuts were not made`);
    const failed = ledger.outcomes.filter(({ code }) => code !== "ok");
    expect(failed.length === 0, `${failed.length} failed, such as ${failed[0]?.message}`);
  },
};
