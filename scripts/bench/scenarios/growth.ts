import { compare, duel, rate, type Subject } from "../duel.ts";
import type { BenchContext, Outcome, Scenario } from "../scenario.ts";

/** How much longer a request may take where there is more of something. */
const FLAT = { most: 1.2 };

/** Compares the time that a request costs where there is little and where there is much. */
const grow = async (
  context: BenchContext,
  what: string,
  [little, much]: readonly [Subject, Subject],
): Promise<Outcome> => {
  const series = await duel(context, [little, much]);
  // The time of a request is the inverse of the rate.
  return { series, verdicts: [{ what, range: compare(series, rate), goal: FLAT }] };
};

const sums = { driver: "plugboard", work: { kind: "sum" }, sockets: 16, inFlight: 256 } as const;

/** Request types: each has a queue of its own. */
export const types: Scenario = {
  name: "growth-types",
  title: "growth from 10 to 1,000 request types (--quick: 200), 256 in flight over 16 sockets",
  async run(context) {
    const of = async (types: number): Promise<Subject> => ({
      ...sums,
      name: `${types} types`,
      system: await context.stage.plugboard({
        folder: "types",
        plugin: `sums${types}`,
        env: { BENCH_TYPES: String(types) },
      }),
      work: { kind: "sum", types },
    });
    const many = context.quick ? 200 : 1_000;
    return grow(context, `time per request, ${many} types × 10`, [await of(10), await of(many)]);
  },
};

/** Sockets: there is less to say to each at a time. */
export const sockets: Scenario = {
  name: "growth-sockets",
  title: "growth from 16 to 2,000 sockets, 256 in flight",
  async run(context) {
    const same = { ...sums, system: await context.stage.plugboard() };
    return await grow(context, "time per request, 2,000 sockets × 16", [
      { ...same, name: "16 sockets", sockets: 16 },
      { ...same, name: "2,000 sockets", sockets: 2_000 },
    ]);
  },
};

/** Requests under way: everything is looked up among more. */
export const depth: Scenario = {
  name: "growth-depth",
  title: "growth from 256 to 10,000 in flight (--quick: 2,000) over 16 sockets",
  async run(context) {
    const same = { ...sums, system: await context.stage.plugboard() };
    const deep = context.quick ? 2_000 : 10_000;
    return await grow(context, `time per request, ${deep} × 256 in flight`, [
      { ...same, name: "256 in flight", inFlight: 256 },
      { ...same, name: `${deep} in flight`, inFlight: deep },
    ]);
  },
};
