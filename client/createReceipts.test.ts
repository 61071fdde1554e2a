import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Held } from "../common/schemas/clientMessages.ts";
import type { Frame } from "../common/schemas/frames.ts";
import { until } from "../tests/harness/until.ts";
import { createReceipts } from "./createReceipts.ts";

const chunk = (id: string, seq = 0): Frame => ({ kind: "chunk", id, seq });
const of = (id: string, credit = 0) => ({ id, credit });
const end = (id: string): Frame => ({ kind: "end", id, seq: 0 });

const withReceipts = async (
  test: (given: ReturnType<typeof createReceipts> & { told: Held[] }) => void | Promise<void>,
) => {
  const told: Held[] = [];
  const receipts = createReceipts((held) => void told.push(held));
  try {
    await test({ ...receipts, told });
  } finally {
    receipts.stop();
  }
};

describe("a client's createReceipts", () => {
  it("tells of the last frame soon, and once", () =>
    withReceipts(async ({ add, told }) => {
      for (const frame of [chunk("a"), chunk("b"), chunk("a"), end("b")]) add(frame);
      assert.deepEqual(told, []);
      await until(() => told.length > 0);
      assert.deepEqual(told, [{ id: "b", seq: 2 }]);
      add(chunk("a"));
      await until(() => told.length > 1);
      assert.deepEqual(told[1], { id: "a", seq: 3 });
    }));

  it("tells at once when many have come", () =>
    withReceipts(({ add, told }) => {
      for (let n = 0; n < 90; n++) add(chunk("a", n));
      assert.deepEqual(told, [{ id: "a", seq: 32 }, { id: "a", seq: 64 }]);
    }));

  it("counts what comes over a new connection on from what had come before", () =>
    withReceipts(({ add, told, resume }) => {
      for (let n = 0; n < 5; n++) add(chunk("a", n));
      add(chunk("over"));
      assert.deepEqual(resume([of("a", 32), of("new")]), [
        { id: "a", seq: 5, credit: 32 },
        { id: "new", seq: 0, credit: 0 },
      ]);
      for (let n = 5; n < 37; n++) add(chunk("a", n));
      assert.deepEqual(told, [{ id: "a", seq: 37 }]);
      // What is not asked for is over.
      assert.deepEqual(resume([of("over"), of("a")]), [
        { id: "over", seq: 0, credit: 0 },
        { id: "a", seq: 37, credit: 0 },
      ]);
    }));

  it("says nothing over a new connection of what came before it", () =>
    withReceipts(async ({ add, told, resume }) => {
      add(chunk("a"));
      resume([of("a"), of("b")]);
      add(chunk("b"));
      await until(() => told.length > 0);
      assert.deepEqual(told, [{ id: "b", seq: 1 }]);
    }));

  it("counts anew what begins anew, and what ended", () =>
    withReceipts(({ add, resume, forget }) => {
      for (const frame of [chunk("a"), chunk("b"), end("b"), chunk("b")]) add(frame);
      forget(["a"]);
      assert.deepEqual(resume([of("a"), of("b")]), [
        { id: "a", seq: 0, credit: 0 },
        { id: "b", seq: 1, credit: 0 },
      ]);
    }));
});
