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
    map.delete("a");
    map.delete("a");
    assert.deepEqual([map.size, map.get("a"), map.get("b")], [1, undefined, 2]);
    map.set("a", 4);
    assert.deepEqual(map.entries(), [["b", 2], ["a", 4]]);
  });

  it("may be changed while what it gave is gone through", () => {
    const map = createTransientMap<number>();
    for (const key of ["a", "b", "c"]) map.set(key, 0);
    for (const [key] of map.entries()) map.delete(key);
    assert.equal(map.size, 0);
  });
});
