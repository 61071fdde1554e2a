import { compare, duel, rate, type Subject } from "../duel.ts";
import type { Scenario } from "../scenario.ts";

/** Throughput without a broker, with the plugin in a process of its own. */
export const embedded256: Scenario = {
  name: "embedded-256",
  title: "embedded, plugins in child processes, 256 in flight over 16 sockets",
  async run(context) {
    const { stage } = context;
    const load = { work: { kind: "sum" }, sockets: 16, inFlight: 256 } as const;
    const system = await stage.plugboard({ engine: "embedded" });
    const subjects: Subject[] = [
      { name: "plugboard", system, driver: "plugboard", ...load },
      { name: "bare echo", system: await stage.echo(), driver: "socketIo", ...load },
      {
        name: "careful echo",
        system: await stage.echo({ careful: true }),
        driver: "carefulEcho",
        ...load,
      },
    ];
    const series = await duel(context, subjects);
    const [plugboard, bare, careful] = series;
    return {
      series,
      verdicts: [
        { what: "× bare echo", range: compare([plugboard, bare], rate), goal: { least: 0.8 } },
        {
          what: "× careful echo",
          range: compare([plugboard, careful], rate),
          goal: { least: 0.8 },
        },
      ],
    };
  },
};
