import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createKnown } from "./createKnown.ts";

describe("createKnown", () => {
  it("tells what is under way from what is over, and both from what never was", () => {
    const known = createKnown<string>();
    known.add("a", "A");
    known.add("b", "B");
    known.end("a");
    known.end("a");
    known.end("c");
    assert.deepEqual(known.find("a"), { value: undefined });
    assert.deepEqual([known.get("a"), known.get("b"), known.find("c")], [
      undefined,
      "B",
      undefined,
    ]);
    assert.deepEqual([known.ids(), known.isEmpty()], [["b"], false]);
    known.end("b");
    assert.deepEqual([known.ids(), known.isEmpty()], [[], true]);
  });

  it("remembers so many ids at least, and forgets the oldest", () => {
    const known = createKnown<number>({ least: 10 });
    for (let n = 0; n < 100; n++) {
      known.add(`${n}`, n);
      known.end(`${n}`);
      for (let before = Math.max(0, n - 9); before <= n; before++) {
        assert.ok(known.find(`${before}`), `${before} is forgotten at ${n}`);
      }
    }
    const left = Array.from({ length: 100 }, (_, n) => known.find(`${n}`)).filter(Boolean);
    assert.ok(left.length <= 22, `${left.length}`);
  });

  it("remembers what took long for as many as any other, whenever it ends", () => {
    for (let others = 0; others < 40; others++) {
      const known = createKnown<number>({ least: 10 });
      const pass = (prefix: string, count: number) => {
        for (let n = 0; n < count; n++) {
          known.add(`${prefix}${n}`, n);
          known.end(`${prefix}${n}`);
        }
      };
      known.add("long", 1);
      pass("before", others);
      known.end("long");
      assert.ok(known.find("long"), `it is forgotten at once after ${others}`);
      pass("after", 9);
      assert.ok(known.find("long"), `it is forgotten too soon after ${others}`);
    }
  });

  it("keeps what is under way, however much has come and gone since", () => {
    const known = createKnown<number>({ least: 10 });
    known.add("long", 1);
    for (let n = 0; n < 100; n++) {
      known.add(`${n}`, n);
      known.end(`${n}`);
    }
    assert.deepEqual([known.get("long"), known.ids()], [1, ["long"]]);
    known.end("long");
    assert.deepEqual([known.find("long"), known.isEmpty()], [{ value: undefined }, true]);
  });
});
