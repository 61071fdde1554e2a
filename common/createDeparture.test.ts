import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createDeparture } from "./createDeparture.ts";

/** What was said, with a bar wherever it left; ticks end, and time passes, when the test says so. */
const createTest = () => {
  let happened = "";
  let time = 0;
  const tasks: (() => void)[] = [];
  const departs = createDeparture(() => happened += "|", {
    atEndOfTick: (task) => tasks.push(task),
    now: () => time,
  });
  return {
    /** Says it, and lets the current work be done. */
    async say(what: string) {
      happened += what;
      departs();
      await Promise.resolve();
    },
    endTick: () => tasks.splice(0).forEach((task) => task()),
    pass: (ms: number) => time += ms,
    happened: () => happened.replaceAll(/\|+/g, "|"),
  };
};

describe("createDeparture", () => {
  it("has what is said after a silence leave when the current work is done", async () => {
    const { say, endTick, pass, happened } = createTest();
    await say("a");
    assert.equal(happened(), "a|");
    endTick();
    pass(1);
    await Promise.all([say("b"), say("c")]);
    assert.equal(happened(), "a|bc|");
  });

  it("has what follows in that tick leave at its end", async () => {
    const { say, endTick, happened } = createTest();
    await say("a");
    await say("b");
    await say("c");
    assert.equal(happened(), "a|bc");
    endTick();
    assert.equal(happened(), "a|bc|");
  });

  it("has all wait for the end of its tick while there is no silence", async () => {
    const { say, endTick, pass, happened } = createTest();
    await say("a");
    endTick();
    for (const what of ["b", "c"]) {
      pass(0.1);
      await say(what);
      assert.ok(happened().endsWith(what));
      endTick();
      assert.ok(happened().endsWith("|"));
    }
  });

  it("goes on where its tick ends with a microtask, too", async () => {
    let left = 0;
    const departs = createDeparture(() => left++, { atEndOfTick: queueMicrotask });
    for (let n = 1; n < 4; n++) {
      departs();
      const before = left;
      await Promise.resolve();
      await Promise.resolve();
      assert.ok(left > before);
    }
  });
});
