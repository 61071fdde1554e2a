import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createAborter } from "./createAborter.ts";

describe("createAborter", () => {
  it("aborts a signal that was asked for, and gives an aborted one afterwards, for one reason", () => {
    const [early, late] = [createAborter(), createAborter()];
    const signal = early.signal();
    assert.equal(signal.aborted, false);
    for (const aborter of [early, late]) {
      aborter.abort("first");
      aborter.abort("second");
      assert.deepEqual([aborter.signal().aborted, aborter.signal().reason], [true, "first"]);
    }
    assert.equal(early.signal(), signal);
    assert.equal(signal.aborted, true);
  });
});
