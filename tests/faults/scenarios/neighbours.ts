import { mixedLoad } from "../mixedLoad.ts";
import type { Outcome } from "../ledger.ts";
import type { FaultContext, Scenario } from "../scenario.ts";
import type { SystemOptions } from "../system.ts";

/** What one bad plugin does, and what its own callers must see. */
type Harm = Pick<Scenario, "name" | "short"> & {
  type: string;
  /** How often it is called while the neighbour works. */
  calls: number;
  options?: SystemOptions;
  /** The outcomes its callers may see. */
  may: readonly string[];
  also?(context: FaultContext, outcomes: Outcome[]): Promise<void>;
};

/** Longer than this no request of a good plugin may take while another plugin does harm. */
const SLOW_MS = 3_000;

/** A plugin does harm while another one works: that one must not notice. */
const harm = ({ name, short, type, calls, options, may, also }: Harm): Scenario => ({
  name,
  engines: ["rabbitmq", "embedded"],
  short,
  async run(context) {
    const { ledger, expect } = context;
    const system = await context.start(options);
    const client = system.connect();
    const harmed: Promise<Outcome>[] = [];
    const before = (n: number) => {
      if (n >= 100 && n < 100 + calls) harmed.push(client.once(type));
    };
    await mixedLoad(context, client, { count: 600, perSecond: 100, before });
    const outcomes = await Promise.all(harmed);
    const neighbours = ledger.outcomes.filter((outcome) => outcome.type !== type);
    const failed = neighbours.filter(({ code }) => code !== "ok");
    expect(failed.length === 0, `${failed.length} of its neighbour failed: ${failed[0]?.message}`);
    const slow = neighbours.filter(({ ms }) => ms > SLOW_MS);
    expect(slow.length === 0, `${slow.length} of its neighbour took more than ${SLOW_MS} ms`);
    const wrong = outcomes.filter(({ code }) => !may.includes(code));
    expect(wrong.length === 0, `its own ended as ${wrong[0]?.code}: ${wrong[0]?.message}`);
    await also?.(context, outcomes);
  },
});

export const loop = harm({
  name: "endless loop",
  short: [],
  type: "hurtful.loop",
  calls: 1,
  may: ["WORKER_LOST"],
});

export const leak = harm({
  name: "leak",
  short: [],
  type: "hurtful.leak",
  calls: 1,
  options: { env: { PLUGIN_MEMORY_MB: "256" } },
  may: ["WORKER_LOST"],
});

export const lateThrow = harm({
  name: "late throw",
  short: [],
  type: "hurtful.lateThrow",
  calls: 20,
  may: ["ok", "WORKER_LOST"],
});

export const crash = harm({
  name: "crash on message",
  short: ["rabbitmq"],
  type: "hurtful.crash",
  calls: 10,
  may: ["WORKER_LOST", "NO_WORKER"],
});

export const exit = harm({
  name: "exit on message",
  short: [],
  type: "hurtful.exit",
  calls: 3,
  may: ["WORKER_LOST", "NO_WORKER"],
});
