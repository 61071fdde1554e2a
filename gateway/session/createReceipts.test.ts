import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createReceipts } from "./createReceipts.ts";

describe("a gateway's createReceipts", () => {
  it("takes the receipt of one frame for all that went before it, of every request", () => {
    const { add, take } = createReceipts();
    for (const [id, index] of [["a", 0], ["b", 0], ["a", 1], ["b", 1], ["c", 0]] as const) {
      add(id, index);
    }
    assert.deepEqual(take({ id: "a", seq: 2 }), [
      ...[{ id: "a", seq: 1 }, { id: "b", seq: 1 }, { id: "a", seq: 2 }],
    ]);
    assert.deepEqual(take({ id: "c", seq: 1 }), [{ id: "b", seq: 2 }, { id: "c", seq: 1 }]);
    assert.deepEqual(take({ id: "c", seq: 1 }), []);
  });

  it("tells the last frame alone of those of a stream", () => {
    const { add, take } = createReceipts();
    for (const [id, index] of [["a", 0], ["a", 1], ["a", 2], ["b", 0], ["b", 1]] as const) {
      add(id, index);
    }
    assert.deepEqual(take({ id: "b", seq: 1 }), [{ id: "a", seq: 3 }, { id: "b", seq: 1 }]);
  });

  it("believes no receipt of a frame that did not go over this connection", () => {
    const { add, take } = createReceipts();
    add("a", 4);
    for (const held of [{ id: "b", seq: 5 }, { id: "a", seq: 4 }, { id: "a", seq: 6 }]) {
      assert.deepEqual(take(held), []);
    }
    assert.deepEqual(take({ id: "a", seq: 5 }), [{ id: "a", seq: 5 }]);
  });

  it("waits for so many frames at most, and gives the oldest up in their order", () => {
    const { add, take } = createReceipts({ most: 3 });
    const given = Array.from({ length: 10 }, (_, index) => add("a", index));
    const old = Array.from({ length: 7 }, (_, n) => ({ id: "a", seq: n + 1 }));
    assert.deepEqual(given, [undefined, undefined, undefined, ...old]);
    assert.deepEqual(take({ id: "a", seq: 7 }), []);
    assert.deepEqual(take({ id: "a", seq: 9 }), [{ id: "a", seq: 9 }]);
    assert.deepEqual(take({ id: "a", seq: 10 }), [{ id: "a", seq: 10 }]);
  });
});
