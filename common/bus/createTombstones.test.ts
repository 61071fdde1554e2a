import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createTombstones } from "./createTombstones.ts";

describe("createTombstones", () => {
  it("knows a request that was cancelled, once", () => {
    const { add, take } = createTombstones();
    add("1");
    add("1");
    assert.deepEqual([take("2"), take("1"), take("1")], [false, true, false]);
  });

  it("forgets the oldest beyond its bound", () => {
    const { add, take } = createTombstones({ most: 2 });
    for (const id of ["1", "2", "3"]) add(id);
    assert.deepEqual(["1", "2", "3"].map(take), [false, true, true]);
  });
});
