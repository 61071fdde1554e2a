import { compare, duel, rate, type Subject } from "../duel.ts";
import type { Scenario } from "../scenario.ts";

/** Large binary payloads: bytes must stay bytes on every leg. */
export const bytes: Scenario = {
  name: "bytes",
  title: "1 MB there and back through RabbitMQ, 4 in flight over 4 sockets",
  async run(context) {
    const { stage } = context;
    const load = { work: { kind: "bytes", size: 1_000_000 }, sockets: 4, inFlight: 4 } as const;
    const chain = await stage.chain({ does: "bytes" });
    const subjects: Subject[] = [
      { name: "plugboard", system: await stage.plugboard(), driver: "plugboard", ...load },
      { name: "buffers", system: chain, driver: "socketIo", ...load },
    ];
    const series = await duel(context, subjects);
    return {
      series,
      verdicts: [{ what: "× buffers", range: compare(series, rate), goal: { least: 0.7 } }],
    };
  },
};
