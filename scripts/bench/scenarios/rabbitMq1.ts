import { compare, duel, type Subject } from "../duel.ts";
import type { Scenario } from "../scenario.ts";

/** Latency through the broker of a request that is alone: coalescing must not hold it back. */
export const rabbitMq1: Scenario = {
  name: "rabbitmq-1",
  title: "through RabbitMQ, 1 in flight",
  async run(context) {
    const { stage } = context;
    const load = { work: { kind: "sum" }, sockets: 1, inFlight: 1 } as const;
    const chain = await stage.chain({ does: "sum" });
    const subjects: Subject[] = [
      { name: "plugboard", system: await stage.plugboard(), driver: "plugboard", ...load },
      { name: "naive chain", system: chain, driver: "socketIo", ...load },
    ];
    const careful = await stage.chain({ does: "sum", careful: true });
    subjects.push({ name: "careful chain", system: careful, driver: "socketIo", ...load });
    const series = await duel(context, subjects);
    const [plugboard, , kept] = series;
    return {
      series,
      verdicts: [
        {
          what: "p50 × naive chain",
          range: compare(series, ({ p50 }) => p50),
          goal: { most: 1.25 },
        },
        {
          what: "p99 × naive chain",
          range: compare(series, ({ p99 }) => p99),
          goal: { most: 1.5 },
        },
        {
          what: "p50 × careful chain",
          range: compare([plugboard, kept], ({ p50 }) => p50),
          goal: { most: 1.25 },
        },
      ],
    };
  },
};
