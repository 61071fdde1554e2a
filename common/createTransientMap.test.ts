import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createTransientMap } from "./createTransientMap.ts";

describe("createTransientMap", () => {
  it("gives what was put in, in that order, until it is deleted", () => {
    const map = createTransientMap<number>();
    map.set("a", 1);
    map.set("b", 2);
    map.set("a", 3);
    assert.deepEqual(map.entries(), [["a", 3], ["b", 2]]);
    assert.equal(map.delete("a"), true);
    assert.equal(map.delete("a"), false);
    assert.equal(map.get("a"), undefined);
    assert.equal(map.has("a"), false);
    assert.deepEqual([map.size, map.keys(), map.values()], [1, ["b"], [2]]);
  });

  it("may be changed while what it gave is gone through", () => {
    const map = createTransientMap<number>();
    for (const key of ["a", "b", "c"]) map.set(key, 0);
    for (const key of map.keys()) map.delete(key);
    assert.equal(map.size, 0);
  });

  it("keeps a value that is undefined", () => {
    const map = createTransientMap<undefined>();
    map.set("a", undefined);
    assert.deepEqual([map.has("a"), map.values()], [true, [undefined]]);
  });
});
