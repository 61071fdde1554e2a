import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { togetherFor, togetherOf } from "./togetherOf.ts";

describe("how many requests go together", () => {
  it("is a quarter of what one worker runs at once, and one for a heavy handler", () => {
    assert.deepEqual([1, 2, 7, 8, 16, 64, 5_000].map(togetherOf), [1, 1, 1, 2, 4, 16, 256]);
  });

  it("is one where the concurrency is not known", () => {
    assert.equal(togetherFor(undefined, { idempotent: true, underWay: 1 }), 1);
  });

  it("is one for what may not start again, once more are under way than a worker can begin", () => {
    const once = (underWay: number) => togetherFor(16, { idempotent: false, underWay });
    assert.deepEqual([once(16), once(17)], [4, 1]);
    assert.equal(togetherFor(16, { idempotent: true, underWay: 17 }), 4);
  });
});
