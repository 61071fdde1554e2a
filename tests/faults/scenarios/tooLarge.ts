import { mixedLoad } from "../mixedLoad.ts";
import type { Outcome } from "../ledger.ts";
import type { Scenario } from "../scenario.ts";

const LIMIT = 262_144;
const BYTES = 600_000;

/** The broker takes smaller messages than the product would send: others do not suffer for one. */
export const tooLarge: Scenario = {
  name: "message over the broker's limit",
  engines: ["rabbitmq"],
  short: [],
  hurtsBroker: true,
  async run(context) {
    const { expect, broker, ledger } = context;
    await broker().control("eval", `application:set_env(rabbit, max_message_size, ${LIMIT}).`);
    const system = await context.start();
    const client = system.connect();
    const large: Promise<Outcome>[] = [];
    const before = (n: number) => {
      const payload = { pad: "x".repeat(BYTES), ms: 1 };
      if (n === 100) large.push(client.once("steady.work", { payload }));
      if (n === 200) large.push(client.once("steady.workOnce", { payload }));
      if (n === 300) {
        large.push(client.stream("steady.streamOnce", { payload: { bytes: BYTES }, count: 1 }));
      }
    };
    await mixedLoad(context, client, { count: 400, perSecond: 200, before });
    const refused = await Promise.all(large);
    const codes = refused.map(({ code }) => code).join(" ");
    expect(codes === "TOO_LARGE TOO_LARGE TOO_LARGE", `those over the limit ended as ${codes}`);
    const failed = ledger.outcomes.filter((one) => one.code !== "ok" && !refused.includes(one));
    // What was on the channel that the broker closed may have been delivered.
    const wrong = failed.filter(({ type, code }) =>
      !type.endsWith("Once") || !["BUS_UNAVAILABLE", "WORKER_LOST"].includes(code)
    );
    expect(wrong.length === 0, `${wrong.length} others failed, such as ${wrong[0]?.message}`);
  },
};
