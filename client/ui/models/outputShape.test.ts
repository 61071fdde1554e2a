import assert from "node:assert/strict";
import { it } from "node:test";
import { outputShape, partsOf } from "./outputShape.ts";

it("finds the shape that all values share", () => {
  const rows: [unknown[], unknown][] = [
    [[], { kind: "nothing" }],
    [[1, true, null], { kind: "flow" }],
    [["a", "b"], { kind: "lines" }],
    [[{ a: 1 }, { a: 2, b: ["x", 1] }], { kind: "table", columns: ["a", "b"] }],
    [[1, "a"], { kind: "values" }],
    [[{ a: { b: 1 } }], { kind: "values" }],
    [[[1]], { kind: "values" }],
    [[{}], { kind: "values" }],
    [[{ a: new Uint8Array(1) }], { kind: "values" }],
    [[new Uint8Array(1)], { kind: "bytes" }],
    [[Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`c${i}`, i]))], { kind: "values" }],
  ];
  for (const [values, shape] of rows) assert.deepEqual(outputShape(values), shape);
});

it("takes a list of alike parts apart, and nothing else", () => {
  assert.deepEqual(partsOf([{ a: 1 }, { a: 2 }]), [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(partsOf([1, 2]), [1, 2]);
  for (const whole of [[], [1, "a"], [[1], [2]], "text", { a: 1 }, null]) {
    assert.deepEqual(partsOf(whole), [whole]);
  }
});
