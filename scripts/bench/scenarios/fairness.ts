import { setTimeout as delay } from "node:timers/promises";
import { DEFAULT_CONCURRENCY } from "../../../workers/describePlugin.ts";
import { compare, prepare } from "../duel.ts";
import type { BenchContext, Outcome, Scenario, Series } from "../scenario.ts";

const GREEDY = 5_000;
/** How long the greedy socket is at it before, and after, the other is measured. */
const BEFORE_MS = 500;
const AFTER_MS = 250;

/** What one client asks for must not be at another's expense; both ask for the same type. */
const measure = async (
  { stage, rounds, ms }: BenchContext,
  options: { engine?: "embedded" },
): Promise<Outcome> => {
  // As many at a time as of a handler that says nothing: what all run at once is nobody's turn.
  const env = { BENCH_CONCURRENCY: String(DEFAULT_CONCURRENCY) };
  const system = await stage.plugboard({ ...options, env });
  const load = { system, driver: "plugboard", work: { kind: "sum" }, sockets: 1 } as const;
  const modest = await prepare(stage, { ...load, inFlight: 1 });
  const greedy = await prepare(stage, { ...load, inFlight: GREEDY });
  await modest.measure({ ms });
  const alone: Series = { subject: "alone", samples: [] };
  const beside: Series = { subject: `beside ${GREEDY}`, samples: [] };
  const other: Series = { subject: `the ${GREEDY}`, samples: [] };
  for (let round = 0; round < rounds; round++) {
    alone.samples.push(await modest.measure({ ms }));
    const [those, one] = await Promise.all([
      greedy.measure({ ms: BEFORE_MS + ms + AFTER_MS }),
      delay(BEFORE_MS).then(() => modest.measure({ ms })),
    ]);
    beside.samples.push(one);
    other.samples.push(those);
  }
  return {
    series: [alone, beside, other],
    verdicts: [{
      what: "p99 beside × alone",
      range: compare([beside, alone], ({ p99 }) => p99),
      goal: { most: 5 },
    }],
  };
};

/** One client beside another, through RabbitMQ. */
export const fairness: Scenario = {
  name: "fairness",
  title: `one socket with ${GREEDY} in flight beside another with 1, through RabbitMQ`,
  run: (context) => measure(context, {}),
};

/** The same without a broker. */
export const embeddedFairness: Scenario = {
  name: "fair-embedded",
  title: `one socket with ${GREEDY} in flight beside another with 1, embedded`,
  run: (context) => measure(context, { engine: "embedded" }),
};
