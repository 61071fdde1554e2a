import type { Scenario } from "../scenario.ts";

const OFF_MS = 600_000;
const PROMISED_MS = 1_000;
/** This process makes the load too, and may be slow to see an answer. */
const MARGIN_MS = 500;

/** The gateway's clock goes ten minutes fast and the worker's ten slow: no deadline may notice. */
export const clocks: Scenario = {
  name: "clocks ten minutes off",
  engines: ["rabbitmq"],
  short: ["rabbitmq"],
  async run(context) {
    const { expect, ledger } = context;
    const system = await context.start({
      workers: 1,
      clockMs: { gateway: OFF_MS, worker: -OFF_MS },
      // A gateway has little to say otherwise, and its log tells its time.
      env: { LOG_LEVEL: "debug" },
    });
    const client = system.connect();
    const clock = await client.once("steady.clock");
    const seen = { gateway: clockOf(system.gateways[0]!.log()), worker: Number(clock.value) };
    for (const [who, off] of Object.entries({ gateway: OFF_MS, worker: -OFF_MS })) {
      const wrong = Math.abs(seen[who as keyof typeof seen] - Date.now() - off);
      expect(wrong < 60_000, `the clock of the ${who} is not ${off} ms off`);
    }

    const many = (type: string, ms: number, timeoutMs: number, count = 40) =>
      Promise.all(Array.from(
        { length: count },
        () => client.once(type, { payload: { ms }, options: { timeoutMs } }),
      ));
    const [done, late] = await Promise.all([
      // More than the worker takes at a time: some wait in the queue, where time counts too.
      many("steady.work", 600, 8_000, 300),
      many("steady.workOnce", 10_000, 1_500),
      client.stream("steady.stream", {
        payload: { everyMs: 20 },
        options: { timeoutMs: 8_000 },
        count: 100,
      }),
    ]);
    const early = done.filter(({ code }) => code !== "ok");
    expect(early.length === 0, `${early.length} ended early, such as with ${early[0]?.message}`);
    const wrong = late.filter(({ code, ms }) =>
      code !== "TIMEOUT" || ms < 1_500 || ms > 1_500 + PROMISED_MS + MARGIN_MS
    );
    expect(
      wrong.length === 0,
      `${wrong.length} did not end at their deadline: ${wrong[0]?.code}, ${wrong[0]?.ms} ms`,
    );
    const streams = ledger.outcomes.filter(({ type }) => type === "steady.stream");
    expect(streams.every(({ code }) => code === "ok"), "the stream did not end well");
  },
};

/** The wall clock of a process, by its newest log line. */
const clockOf = (log: string): number => {
  const times = [...log.matchAll(/^\{"time":"([^"]+)"/gm)];
  return Date.parse(times.at(-1)?.[1] ?? "");
};
