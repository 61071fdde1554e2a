import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createBatcher } from "./createBatcher.ts";

/** A batcher whose ticks end when the test says so. */
const createTest = (flush: (items: number[]) => void = () => {}) => {
  const batches: number[][] = [];
  const tasks: (() => void)[] = [];
  const send = createBatcher<number>((items) => {
    batches.push(items);
    flush(items);
  }, { atEndOfTick: (task) => tasks.push(task) });
  return { batches, send, tasks, endTick: () => tasks.splice(0).forEach((task) => task()) };
};

describe("createBatcher", () => {
  it("hands on what was said within one tick as one array, and nothing twice", () => {
    const { batches, send, tasks, endTick } = createTest();
    for (const n of [1, 2, 3]) send(n);
    assert.deepEqual([batches, tasks.length], [[], 1]);
    endTick();
    send(4);
    endTick();
    endTick();
    assert.deepEqual(batches, [[1, 2, 3], [4]]);
  });

  it("keeps what is said while it hands on for the next batch", () => {
    const { batches, send, endTick } = createTest((items) => items[0] === 1 && send(2));
    send(1);
    endTick();
    assert.deepEqual(batches, [[1]]);
    endTick();
    assert.deepEqual(batches, [[1], [2]]);
  });

  it("goes on after handing on has failed", () => {
    const { batches, send, endTick } = createTest((items) => {
      if (items[0] === 1) throw new Error("broken");
    });
    send(1);
    assert.throws(endTick, /broken/);
    send(2);
    endTick();
    assert.deepEqual(batches, [[1], [2]]);
  });

  it("ends its tick by itself", async () => {
    const batches: string[][] = [];
    const send = createBatcher<string>((items) => batches.push(items));
    send("a");
    send("b");
    assert.deepEqual(batches, []);
    await Promise.resolve();
    assert.deepEqual(batches, [["a", "b"]]);
  });
});
