import { compare, duel, rate, type Subject } from "../duel.ts";
import type { Scenario } from "../scenario.ts";

/** Throughput through the broker. */
export const rabbitMq256: Scenario = {
  name: "rabbitmq-256",
  title: "through RabbitMQ, 256 in flight over 16 sockets",
  async run(context) {
    const { stage } = context;
    const load = { work: { kind: "sum" }, sockets: 16, inFlight: 256 } as const;
    const subjects: Subject[] = [
      { name: "plugboard", system: await stage.plugboard(), driver: "plugboard", ...load },
      {
        name: "raw RPC",
        system: await stage.chain({ does: "sum", direct: true }),
        driver: "amqp",
        ...load,
      },
      {
        name: "naive chain",
        system: await stage.chain({ does: "sum" }),
        driver: "socketIo",
        ...load,
      },
      {
        name: "careful chain",
        system: await stage.chain({ does: "sum", careful: true }),
        driver: "socketIo",
        ...load,
      },
    ];
    const series = await duel(context, subjects);
    const [plugboard, raw, naive, careful] = series;
    return {
      series,
      verdicts: [
        { what: "× raw RPC", range: compare([plugboard, raw], rate), goal: { least: 1.5 } },
        { what: "× naive chain", range: compare([plugboard, naive], rate), goal: { least: 2 } },
        { what: "× careful chain", range: compare([plugboard, careful], rate), goal: { least: 2 } },
      ],
    };
  },
};
