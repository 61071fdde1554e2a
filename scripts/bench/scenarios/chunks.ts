import { compare, duel, rate, type Subject } from "../duel.ts";
import type { Scenario } from "../scenario.ts";

/** Many small chunks, each checked, in order, and held back by credits. */
export const chunks: Scenario = {
  name: "chunks",
  title: "streaming small chunks through RabbitMQ, 16 streams at a time, in chunks/s",
  async run(context) {
    const { stage, quick } = context;
    const count = quick ? 200 : 1_000;
    const load = { work: { kind: "chunks", count }, sockets: 16, inFlight: 16 } as const;
    const chain = await stage.chain({ does: "chunks" });
    const subjects: Subject[] = [
      { name: "plugboard", system: await stage.plugboard(), driver: "plugboard", ...load },
      { name: "one message per chunk", system: chain, driver: "socketIo", ...load },
    ];
    const series = await duel(context, subjects);
    return {
      series,
      verdicts: [
        { what: "× one message per chunk", range: compare(series, rate), goal: { least: 5 } },
      ],
    };
  },
};
