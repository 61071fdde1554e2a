import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { median, percentile, rangeOf, ratioOf } from "./statistics.ts";

describe("statistics", () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);

  it("give a percentile that was measured", () => {
    assert.equal(percentile(hundred, 0.5), 50);
    assert.equal(percentile(hundred, 0.99), 99);
    assert.equal(percentile(hundred, 1), 100);
    assert.equal(percentile(hundred, 0), 1);
    assert.equal(percentile([7], 0.99), 7);
  });

  it("sort by value, not by text", () => {
    assert.equal(percentile([10, 9, 100], 1), 100);
    assert.equal(median([10, 9, 100]), 10);
  });

  it("take the mean of the two in the middle for the median of an even number", () => {
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(median([5]), 5);
  });

  it("leave what they are given in its order", () => {
    const figures = [3, 1, 2];
    rangeOf(figures);
    percentile(figures, 0.5);
    assert.deepEqual(figures, [3, 1, 2]);
  });

  it("compare round by round", () => {
    assert.deepEqual(ratioOf([10, 40, 90], [10, 20, 30]), { min: 1, median: 2, max: 3 });
  });

  it("compare nothing with a round that is missing, and have no figure of none", () => {
    assert.throws(() => ratioOf([1, 2], [1]), RangeError);
    assert.throws(() => rangeOf([]), RangeError);
    assert.throws(() => percentile([], 0.5), RangeError);
  });
});
