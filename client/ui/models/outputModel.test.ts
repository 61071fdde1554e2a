import assert from "node:assert/strict";
import { it } from "node:test";
import { createOutputModel, valuesOf } from "./outputModel.ts";

const filled = (
  count: number,
  { of, maxItems }: { of: (n: number) => unknown; maxItems?: number },
) => {
  const output = createOutputModel({ schedule() {}, maxItems });
  for (let n = 0; n < count; n++) output.push(of(n));
  output.flush();
  return output;
};

it("keeps the newest values, and knows how many came before", () => {
  const output = createOutputModel({ schedule() {}, maxItems: 10 });
  for (let n = 0; n < 1_000; n++) {
    output.push(n);
    if (n % 7 === 0) output.flush();
  }
  output.flush();
  const { first, end } = output.kept.value;
  assert.deepEqual([first, end], [990, 1_000]);
  assert.deepEqual(valuesOf(output.kept.value), [990, 991, 992, 993, 994, 995, 996, 997, 998, 999]);
  assert.deepEqual(valuesOf(output.kept.value, 995, 997), [995, 996]);
});

it("keeps no more bytes than its bound, but always the newest value", () => {
  const output = createOutputModel({ schedule() {}, maxBytes: 10_000 });
  for (let n = 0; n < 100; n++) output.push(new Uint8Array(1_000));
  output.flush();
  assert.equal(output.kept.value.end, 100);
  assert.ok(output.kept.value.items.length <= 10);
  output.push("x".repeat(20_000));
  output.flush();
  assert.equal(valuesOf(output.kept.value).length, 1);
});

it("shows what comes until it is held, and counts what comes then", () => {
  const output = filled(5, { of: (n) => n });
  output.hold();
  const before = output.shown.value;
  for (let n = 5; n < 8; n++) output.push(n);
  output.flush();
  assert.equal(output.shown.value, before);
  assert.deepEqual(valuesOf(output.shown.value), [0, 1, 2, 3, 4]);
  assert.equal(output.fresh.value, 3);
  output.follow();
  assert.equal(output.fresh.value, 0);
  assert.equal(valuesOf(output.shown.value).length, 8);
});

it("keeps what is held though it is dropped by now", () => {
  const output = filled(10, { of: (n) => n, maxItems: 10 });
  output.hold();
  for (let n = 10; n < 100; n++) output.push(n);
  output.flush();
  assert.deepEqual(valuesOf(output.shown.value), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(output.kept.value.first, 90);
});

it("finds the shape of all that came", () => {
  const output = filled(2, { of: (n) => ({ [`c${n}`]: n }) });
  const before = output.shape.value;
  assert.deepEqual(before, { kind: "table", columns: ["c0", "c1"] });
  output.push({ c0: 1 });
  output.flush();
  assert.equal(output.shape.value, before);
  output.push("text");
  output.flush();
  assert.equal(output.shape.value.kind, "values");
});
