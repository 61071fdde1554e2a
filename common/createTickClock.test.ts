import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createTickClock } from "./createTickClock.ts";

describe("createTickClock", () => {
  it("is read once for what is done in one go, and anew for what comes after", async () => {
    let reads = 0;
    const now = createTickClock(() => ++reads);
    assert.deepEqual([now(), now(), now()], [1, 1, 1]);
    await Promise.resolve();
    assert.deepEqual([now(), now()], [2, 2]);
  });
});
