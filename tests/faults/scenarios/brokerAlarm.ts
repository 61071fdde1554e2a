import { setTimeout as delay } from "node:timers/promises";
import { pace } from "../pace.ts";
import type { Scenario } from "../scenario.ts";

/** How soon a new request must be refused while the broker takes nothing. */
const SHED_MS = 1_000;

/** The broker is short of memory for a while: new requests are refused, old ones are answered. */
export const brokerAlarm: Scenario = {
  name: "broker memory alarm",
  engines: ["rabbitmq"],
  short: [],
  hurtsBroker: true,
  async run(context) {
    const { ledger, expect, note } = context;
    const system = await context.start();
    const broker = context.broker();
    const client = system.connect();
    const ask = (ms: number) => client.once("steady.work", { payload: { ms } });

    const old = Array.from({ length: 50 }, () => ask(3_000));
    await delay(500);
    await broker.control("set_vm_memory_high_watermark", "absolute", "1MiB");
    // The broker tells a connection that it is blocked when that publishes next.
    const first = ask(100);
    await delay(1_000);
    const shed: ReturnType<typeof ask>[] = [];
    await pace({ count: 200, perSecond: 100 }, () => shed.push(ask(100)));
    await delay(SHED_MS);
    const meanwhile = ledger.outcomes.filter(({ code }) => code === "ok").length;
    await broker.control("set_vm_memory_high_watermark", "0.6");
    await ledger.settled();
    const refused = await Promise.all(shed);
    const later = await Promise.all(Array.from({ length: 50 }, () => ask(100)));

    const overloaded = refused.filter(({ code, ms }) => code === "OVERLOADED" && ms < SHED_MS);
    note(`${meanwhile} of ${old.length} old ones were answered meanwhile`);
    note(`${overloaded.length} of ${refused.length} were refused within ${SHED_MS} ms`);
    expect(overloaded.length === refused.length, "some were not refused at once");
    const failed = [...await Promise.all(old), await first, ...later]
      .filter(({ code }) => code !== "ok");
    expect(
      failed.length === 0,
      `${failed.length} before or after it failed: ${failed[0]?.message}`,
    );
  },
};
