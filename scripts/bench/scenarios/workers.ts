import { compare, duel, rate, type Subject } from "../duel.ts";
import type { Scenario } from "../scenario.ts";

/** Work that takes its time is shared by workers, and not bunched onto one. */
export const workers: Scenario = {
  name: "growth-workers",
  title: "2 workers × 1, a handler of 20 ms with concurrency 1, 16 in flight",
  async run(context) {
    const of = async (workers: number): Promise<Subject> => ({
      name: workers === 1 ? "1 worker" : `${workers} workers`,
      system: await context.stage.plugboard({ workers, plugin: `pauses${workers}` }),
      driver: "plugboard",
      work: { kind: "pause", ms: 20 },
      sockets: 4,
      inFlight: 16,
    });
    const series = await duel(context, [await of(2), await of(1)]);
    return {
      series,
      verdicts: [{ what: "2 workers × 1", range: compare(series, rate), goal: { least: 1.9 } }],
    };
  },
};
