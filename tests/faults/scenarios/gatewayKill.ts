import { setTimeout as delay } from "node:timers/promises";
import { expectMixed } from "../mixedLoad.ts";
import type { Scenario } from "../scenario.ts";

const IN_FLIGHT = 200;

/** Kills one of two gateways while it has 200 requests; its clients find the other. */
export const gatewayKill: Scenario = {
  name: "gateway SIGKILL",
  engines: ["rabbitmq"],
  short: ["rabbitmq"],
  async run(context) {
    const { ledger, expect, random } = context;
    const system = await context.start({ gateways: 2 });
    // Four clients, two at each gateway, as the balancer takes turns.
    const clients = Array.from({ length: 4 }, system.connect);
    await Promise.all(clients.map((client) => client.once("steady.work", { payload: { ms: 1 } })));
    for (let n = 0; n < 2 * IN_FLIGHT; n++) {
      const type = n % 8 < 4 ? "steady.work" : "steady.workOnce";
      void clients[n % 4]!.once(type, { payload: { ms: 2_000 }, options: { timeoutMs: 30_000 } });
    }
    await delay(1_000);
    await system.gateways[Math.floor(random() * 2)]!.kill();
    await ledger.settled();
    expectMixed(context, ["CONNECTION_LOST"]);
    const lost = ledger.outcomes.filter(({ code }) => code === "CONNECTION_LOST").length;
    expect(lost <= IN_FLIGHT / 2, `${lost} were lost: more than that gateway had of that type`);
  },
};
