import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { countText, errorShare, numberText, rateOf, shareText, tookText } from "./figures.ts";
import { agoText, niceCeiling, pathOf } from "./trend.ts";

describe("a chart's scale", () => {
  it("ends at a round number no less than the highest value", () => {
    const tops: [number, number][] = [
      ...[[0, 1], [0.03, 0.05], [0.2, 0.2], [1, 1], [1.1, 2], [4.2, 5]] as [number, number][],
      ...[[7, 10], [10, 10], [51, 100], [1_234, 2_000]] as [number, number][],
    ];
    for (const [value, top] of tops) assert.equal(niceCeiling(value), top);
  });
});

describe("a chart's line", () => {
  const box = { slots: 5, top: 10 };

  it("has its newest value at the right, whatever there was before", () => {
    assert.equal(pathOf([0, 5, 10], box), "M50.00 100.00h0L75.00 50.00L100.00 0.00");
  });

  it("is broken where nothing is known, and a lone value is a dot", () => {
    const path = pathOf([undefined, 10, undefined, 5], box);
    assert.equal(path, "M50.00 0.00h0M100.00 50.00h0");
    assert.equal(pathOf([undefined, undefined], box), "");
  });
});

describe("the words of figures", () => {
  it("have as many digits as mean something, and a dash where nothing is known", () => {
    const words = [
      ...[numberText(0), numberText(12.345), numberText(0.0417), numberText(1_234.5)],
      ...[countText(1_234), shareText(0.0154), shareText(1), shareText(undefined)],
      ...[tookText(0.418), tookText(7.26), tookText(340.4), tookText(65_000), tookText(undefined)],
      ...[agoText(0), agoText(5_000), agoText(65_000)],
    ];
    assert.deepEqual(words, [
      ...["0", "12.3", "0.0417", "1,235", "1,234", "1.54 %", "100 %", "–"],
      ...["0.42 ms", "7.3 ms", "340 ms", "1 min 05 s", "–"],
      ...["now", "5 s ago", "1 min 05 s ago"],
    ]);
  });

  it("count what was cancelled in a rate, and not among what failed", () => {
    const sample = { ok: 6, failed: 2, cancelled: 2, ms: 5_000, inFlight: 0 };
    assert.deepEqual([rateOf(sample), errorShare(sample)], [2, 0.25]);
    assert.equal(errorShare({ ok: 0, failed: 0, cancelled: 3 }), undefined);
  });
});
