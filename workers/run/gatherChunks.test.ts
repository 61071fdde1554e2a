import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as endOfTurn } from "node:timers/promises";
import type { FrameBody } from "../../common/schemas/frames.ts";
import { BYTES_PER_CREDIT } from "../../common/schemas/limits.ts";
import { gatherChunks } from "./gatherChunks.ts";

const createTest = ({ together = true } = {}) => {
  const sent: FrameBody[] = [];
  return { sent, ...gatherChunks((body) => sent.push(body), { together }) };
};

describe("gatherChunks", () => {
  it("sends what a generator gives within one tick as one frame", async () => {
    const { sent, add } = createTest();
    await endOfTurn();
    for (let seq = 0; seq < 3; seq++) {
      assert.equal(add(seq, `c${seq}`, 9), 1);
      await Promise.resolve();
    }
    await endOfTurn();
    assert.deepEqual(sent, [{ kind: "chunks", seq: 0, data: ["c0", "c1", "c2"] }]);
  });

  it("sends a lone chunk before anything else can happen", async () => {
    const { sent, add } = createTest();
    add(7, "lone", 9);
    await endOfTurn();
    assert.deepEqual(sent, [{ kind: "chunk", seq: 7, data: "lone" }]);
  });

  it("sends each alone to who does not take them together", async () => {
    const { sent, add } = createTest({ together: false });
    for (const seq of [0, 1]) assert.equal(add(seq, "", 0), 1);
    await endOfTurn();
    assert.deepEqual(sent, [
      { kind: "chunk", seq: 0, data: "" },
      { kind: "chunk", seq: 1, data: "" },
    ]);
  });

  it("sends what there is when it is told to, once", async () => {
    const { sent, add, flush } = createTest();
    add(0, "a", 9);
    add(1, "b", 9);
    flush();
    flush();
    add(2, "c", 9);
    await endOfTurn();
    assert.deepEqual(sent, [
      { kind: "chunks", seq: 0, data: ["a", "b"] },
      { kind: "chunk", seq: 2, data: "c" },
    ]);
  });

  it("gathers no more bytes than one credit is for", () => {
    const { sent, add, flush } = createTest();
    for (let seq = 0; seq < 5; seq++) add(seq, seq, BYTES_PER_CREDIT / 2);
    flush();
    assert.deepEqual(sent, [
      { kind: "chunks", seq: 0, data: [0, 1] },
      { kind: "chunks", seq: 2, data: [2, 3] },
      { kind: "chunk", seq: 4, data: 4 },
    ]);
  });

  it("sends a large chunk alone, after those before it, and says what it costs", () => {
    const { sent, add } = createTest();
    add(0, "small", 9);
    assert.equal(add(1, "large", 2 * BYTES_PER_CREDIT + 1), 3);
    assert.deepEqual(sent, [
      { kind: "chunk", seq: 0, data: "small" },
      { kind: "chunk", seq: 1, data: "large", cost: 3 },
    ]);
  });
});
