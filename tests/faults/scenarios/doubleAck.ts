import { expectMixed, mixedLoad } from "../mixedLoad.ts";
import { createAckRepeater } from "../repeatAck.ts";
import type { Scenario } from "../scenario.ts";

/** A worker seems to acknowledge twice, and the broker closes its channel for it. */
export const doubleAck: Scenario = {
  name: "double ack",
  engines: ["rabbitmq"],
  short: [],
  async run(context) {
    const repeater = createAckRepeater();
    const system = await context.start({ proxies: ["worker"], outgoing: repeater.filter });
    await mixedLoad(context, system.connect(), {
      count: 400,
      perSecond: 100,
      before: (n) => n === 200 && repeater.repeatNext(),
    });
    context.expect(repeater.hasRepeated, "no acknowledgement was seen to repeat");
    expectMixed(context, ["WORKER_LOST"]);
  },
};
