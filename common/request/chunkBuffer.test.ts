import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createChunkBuffer } from "./chunkBuffer.ts";

const createTest = (window = 4) => {
  const granted: number[] = [];
  const clock = { now: 0 };
  const now = () => clock.now;
  return { granted, clock, buffer: createChunkBuffer(window, (n) => granted.push(n), { now }) };
};
const chunk = (value: unknown) => ({ done: false, value });
const over = { done: true, value: undefined };

describe("createChunkBuffer", () => {
  it("serves readers that came first in the order they came", async () => {
    const { buffer } = createTest();
    const readers = [buffer.next(), buffer.next(), buffer.next()];
    for (const value of ["a", "b"]) buffer.push(value);
    buffer.end();
    assert.deepEqual(await Promise.all(readers), [chunk("a"), chunk("b"), over]);
  });

  it("gives what waits before the end, and the end for ever after", async () => {
    const { buffer } = createTest();
    buffer.push(undefined);
    buffer.end();
    assert.deepEqual(await buffer.next(), chunk(undefined));
    assert.deepEqual([await buffer.next(), await buffer.next()], [over, over]);
  });

  it("gives what waits before the error, and the error for ever after", async () => {
    const { buffer } = createTest();
    buffer.push(1);
    buffer.end(new Error("broken"));
    assert.deepEqual(await buffer.next(), chunk(1));
    await assert.rejects(buffer.next(), /broken/);
    await assert.rejects(buffer.next(), /broken/);
  });

  it("grants in halves of the window, only for what was taken", async () => {
    const { buffer, granted } = createTest(4);
    for (let n = 0; n < 4; n++) buffer.push(n);
    assert.deepEqual(granted, []);
    await buffer.next();
    assert.deepEqual(granted, []);
    await buffer.next();
    assert.deepEqual(granted, [2]);
    assert.deepEqual(buffer.takeAll(), [2, 3]);
    buffer.skip();
    buffer.skip();
    assert.deepEqual(granted, [2, 2, 2]);
  });

  it("grants what a slow reader took once a second has gone by", async () => {
    const { buffer, granted, clock } = createTest(100);
    for (let n = 0; n < 5; n++) buffer.push(n);
    for (const now of [1_000, 1_001, 1_500, 2_002]) {
      clock.now = now;
      await buffer.next();
    }
    assert.deepEqual(granted, [2, 2]);
  });

  it("grants nothing once it has ended", async () => {
    const { buffer, granted } = createTest(2);
    buffer.push(1);
    buffer.push(2);
    buffer.end();
    await buffer.next();
    buffer.takeAll();
    assert.deepEqual(granted, []);
  });
});
