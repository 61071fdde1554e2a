import { deadLetters } from "../after.ts";
import type { Scenario } from "../scenario.ts";

/** An idempotent request that kills whoever runs it: tried three times, and then given up. */
export const poison: Scenario = {
  name: "poison",
  engines: ["rabbitmq", "embedded"],
  short: ["rabbitmq"],
  async run(context) {
    const { engine, expect } = context;
    const system = await context.start();
    const { key, code, message } = await system.connect().once("hurtful.poison");
    expect(code === "WORKER_LOST", `it ended as ${code}: ${message}`);
    const starts = (await context.records()).starts(key);
    expect(starts === 3, `it was started ${starts} times`);
    if (engine === "embedded") return;
    const dead = await deadLetters(context.broker());
    expect(dead === 1, `${dead} dead letters`);
  },
};
