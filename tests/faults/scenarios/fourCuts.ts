import type { Scenario } from "../scenario.ts";
import type { Leg } from "../system.ts";

/** Four cuts over one long stream, on all legs in turn: it must come whole. */
export const fourCuts: Scenario = {
  name: "four cuts, one stream",
  engines: ["rabbitmq", "embedded"],
  short: ["rabbitmq", "embedded"],
  async run(context) {
    const { engine, random, expect } = context;
    const legs: Leg[] = engine === "embedded" ? ["browser"] : ["browser", "gateway", "worker"];
    const system = await context.start({ workers: 1, proxies: legs });
    const count = context.short ? 2_000 : 5_000;
    const at = new Map([1, 2, 3, 4].map((nth, index) => [
      Math.floor(count * (nth - 0.5 + random() * 0.4) / 5),
      legs[index % legs.length]!,
    ]));
    const { code, message } = await system.connect().stream("steady.streamOnce", {
      payload: { everyMs: 2 },
      options: { timeoutMs: 60_000 },
      count,
      onChunk(n) {
        const leg = at.get(n);
        if (leg) system.proxy(leg).cut();
      },
    });
    expect(code === "ok", `the stream ended as ${code}: ${message}`);
  },
};
