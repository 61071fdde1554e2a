import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createDeadlines, type Deadlines } from "./createDeadlines.ts";

/** Resolves when a deadline of so many milliseconds is met, with how long that took. */
const met = (deadlines: Deadlines, ms: number): Promise<number> => {
  const since = performance.now();
  return new Promise((resolve) => deadlines.add(ms, () => resolve(performance.now() - since)));
};

describe("createDeadlines", () => {
  it("meets each when its time is over, and none before", async () => {
    const deadlines = createDeadlines();
    const waits = [60, 0, 30];
    const order: number[] = [];
    const took = await Promise.all(
      waits.map((ms) => met(deadlines, ms).then((passed) => (order.push(ms), passed))),
    );
    assert.deepEqual(order, [0, 30, 60]);
    for (const [at, passed] of took.entries()) assert.ok(passed >= waits[at]!, `${took}`);
  });

  it("does not meet what was removed, be it long before or by one that is met with it", async () => {
    const deadlines = createDeadlines();
    const said: string[] = [];
    const early = deadlines.add(1, () => said.push("early"));
    deadlines.add(20, () => (said.push("first"), deadlines.remove(second)));
    const second = deadlines.add(20, () => said.push("second"));
    deadlines.remove(early);
    deadlines.remove(early);
    await met(deadlines, 40);
    assert.deepEqual(said, ["first"]);
  });

  it("takes new ones while it meets others", async () => {
    const deadlines = createDeadlines();
    const passed = await new Promise((resolve) =>
      deadlines.add(1, () => resolve(met(deadlines, 1)))
    );
    assert.ok(Number(passed) >= 1);
  });

  it("meets the others where one throws", () => {
    const thrown: unknown[] = [];
    const armed: (() => void)[] = [];
    let time = 0;
    const deadlines = createDeadlines({
      now: () => time,
      wake: (task) => armed.push(task),
    });
    const said: string[] = [];
    deadlines.add(1, () => {
      throw new Error("one");
    });
    deadlines.add(1, () => said.push("other"));
    time = 1_000;
    while (armed.length > 0) {
      try {
        armed.shift()!();
      } catch (error) {
        thrown.push(error);
      }
    }
    assert.deepEqual([said, thrown.length], [["other"], 1]);
  });
});
