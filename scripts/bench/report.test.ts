import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { report } from "./report.ts";
import { isMet, type Sample, type Verdict } from "./scenario.ts";

const sample = (more: Partial<Sample> = {}): Sample => ({
  ...{ requests: 2_000, units: 2_000, seconds: 2, p50: 1.5, p99: 12, share: 0.5 },
  usage: { gateway: { cpuSeconds: 0.5, peakBytes: 64 * 1_048_576 } },
  ...more,
});
const range = { min: 1, median: 2, max: 3 };

describe("the report", () => {
  it("says what a subject did, and what each process took for a thousand", () => {
    const text = report({ series: [{ subject: "plugboard", samples: [sample()] }], verdicts: [] });
    assert.match(text, /plugboard: 1,000 – 1,000 – 1,000\/s, p50 1.5 ms, p99 12 ms/);
    assert.match(text, /gateway 0.250/);
    assert.match(text, /gateway 64$/m);
    assert.doesNotMatch(text, /lower bound/);
  });

  it("says where the load generator may be the limit", () => {
    const samples = [sample({ share: 0.9 })];
    assert.match(report({ series: [{ subject: "x", samples }], verdicts: [] }), /lower bound/);
  });

  it("judges by the middle of the rounds, in both directions", () => {
    const judge = (goal: Verdict["goal"]) => isMet({ what: "x", range, goal });
    assert.equal(judge({ least: 2 }), true);
    assert.equal(judge({ least: 2.1 }), false);
    assert.equal(judge({ most: 2 }), true);
    assert.equal(judge({ most: 1.9 }), false);
  });

  it("tells a goal that is missed from one that is met", () => {
    const text = report({
      series: [],
      verdicts: [
        { what: "× echo", range, goal: { least: 5 } },
        { what: "start", range, unit: " s", goal: { most: 5 } },
      ],
    });
    assert.match(text, /MISSED × echo: 1 – 2 – 3 \(goal ≥ 5\)/);
    assert.match(text, /met +start: 1 – 2 – 3 s \(goal ≤ 5 s\)/);
  });
});
