import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createMeter } from "./createMeter.ts";

const MINUTE = 12;

/** A meter, and its clock in the test's hands. */
const createTest = () => {
  const clock = { now: 0 };
  const meter = createMeter({ now: () => clock.now });
  const sample = (times = 1, ms = 5_000) => {
    for (let n = 0; n < times; n++) {
      clock.now += ms;
      meter.sample({ inFlight: 1 });
    }
  };
  const near = (actual: number | undefined, ms: number) => {
    const off = Math.abs(actual! / ms - 1);
    assert.ok(off < 0.1, `${actual} is not within a tenth of ${ms}`);
  };
  return { meter, sample, near };
};

describe("createMeter", () => {
  it("tells percentiles within a tenth, from a part of a millisecond to a day", () => {
    const { meter, near } = createTest();
    for (let ms = 1; ms <= 1_000; ms++) meter.count("a.b", "ok", ms);
    const { p50, p95, p99 } = meter.lastMinute();
    near(p50, 500);
    near(p95, 950);
    near(p99, 990);
    for (const ms of [0.07, 3, 86_000_000]) {
      const { meter } = createTest();
      meter.count("a.b", "ok", ms);
      near(meter.lastMinute().p99, ms);
    }
  });

  it("counts no cancelled one as failed, and in no time what was cancelled or never began", () => {
    const { meter } = createTest();
    meter.count("a.b", "CANCELLED", 10_000);
    meter.count("a.b", "OVERLOADED");
    assert.deepEqual(meter.lastMinute(), { ok: 0, failed: 1, cancelled: 1 });
    assert.deepEqual(meter.byType().types[0]?.codes, { OVERLOADED: 1 });
  });

  it("takes samples of what ended since the one before, and keeps those of 15 minutes", () => {
    const { meter, sample } = createTest();
    for (const code of ["ok", "ok", "TIMEOUT"]) meter.count("a.b", code, 4);
    sample(1, 5_100);
    sample();
    const { first, samples } = meter.samplesFrom(0);
    assert.equal(first, 0);
    const { p50, p95, p99, ...rest } = samples[0]!;
    assert.deepEqual(rest, { ok: 2, failed: 1, cancelled: 0, inFlight: 1, ms: 5_100 });
    assert.deepEqual([p50, p95], [p99, p99]);
    assert.deepEqual(samples[1], { ok: 0, failed: 0, cancelled: 0, inFlight: 1, ms: 5_000 });
    sample(200);
    assert.deepEqual([meter.taken, meter.samplesFrom(0).samples.length], [202, 180]);
    assert.equal(meter.samplesFrom(0).first, 22);
    assert.deepEqual([meter.samplesFrom(201).samples.length, meter.samplesFrom(202).first], [
      1,
      202,
    ]);
  });

  it("forgets a minute of all types, and fifteen of each, after that", () => {
    const { meter, sample } = createTest();
    meter.count("a.b", "ok", 1);
    sample(MINUTE);
    assert.equal(meter.lastMinute().ok, 1);
    sample();
    assert.equal(meter.lastMinute().ok, 0);
    assert.equal(meter.byType().types[0]?.ok, 1);
    sample(15 * MINUTE);
    assert.deepEqual(meter.byType().types, []);
  });

  it("keeps its bound whatever types and codes there are, and counts the rest together", () => {
    const { meter } = createTest();
    for (let n = 0; n < 300; n++) meter.count("made.up", "NO_HANDLER", 1);
    for (let n = 0; n < 300; n++) meter.count(`a.t${n}`, "ok", 1);
    for (let n = 0; n < 300; n++) meter.count("a.t0", `CODE_${n}`, 1);
    const { types, others } = meter.byType();
    assert.equal(types.length, 200);
    assert.deepEqual([others?.ok, others?.failed], [100, 300]);
    const codes = types.find(({ type }) => type === "a.t0")!.codes;
    assert.equal(Object.keys(codes).length, 33);
    assert.equal(codes.OTHER, 300 - 32);
  });
});
