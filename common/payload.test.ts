import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { RequestError } from "./errors.ts";
import { type Measure, measure, sendableFields } from "./payload.ts";
import { MAX_DEPTH } from "./schemas/limits.ts";

const measured = (value: unknown): Measure => {
  const found = measure(value);
  assert.ok(!(found instanceof RequestError), String(found));
  return found;
};
const nested = (levels: number): unknown => levels === 0 ? 1 : [nested(levels - 1)];
const cycle: unknown[] = [];
cycle.push({ cycle });

describe("measure", () => {
  it("never finds much less than the JSON takes, whatever the keys and texts are", () => {
    const json = fc.jsonValue({ stringUnit: "grapheme" });
    const long = fc.string({ unit: "grapheme", minLength: 50 }).map((text) => ({ [text]: text }));
    fc.assert(fc.property(fc.oneof(json, long), (value) => {
      const bytes = new TextEncoder().encode(JSON.stringify(value)).byteLength;
      assert.ok(measured(value).bytes >= bytes * 0.75, `${measured(value).bytes} of ${bytes}`);
    }));
  });

  it("counts bytes as they are, and tells that there are some", () => {
    assert.deepEqual(measured({ a: [new Uint8Array(1_000)] }).binary, true);
    assert.ok(measured([new Uint8Array(1_000)]).bytes < 1_010);
    assert.equal(measured({ a: [1, "x", null, undefined, new Date()] }).binary, false);
  });

  const refused: [string, unknown, RegExp][] = [
    ["a bigint", { n: 5n }, /^The bigint 5 cannot be sent \(at n\)/],
    ["a function", [() => {}], /^A function cannot be sent \(at 0\)/],
    ["a symbol", Symbol("s"), /^A symbol cannot be sent \(at the value itself\)/],
    ["NaN", { a: [0, NaN] }, /^The number NaN cannot be sent \(at a\.1\)/],
    ["Infinity", -Infinity, /^The number -Infinity/],
    ["a Map", { a: new Map() }, /^A Map cannot be sent \(at a\)/],
    ["a Set", new Set(), /^A Set/],
    ["a Blob", [new Blob([])], /^A Blob/],
    ["an array of floats", new Float64Array(1), /^A Float64Array/],
    ["an ArrayBuffer", new ArrayBuffer(1), /^A ArrayBuffer/],
    [
      "a key named __proto__",
      JSON.parse('{"a":{"__proto__":1}}'),
      /^A key named __proto__ .*at a\)/,
    ],
    ["a cycle", cycle, /deeper than 64 levels/],
    ["what nests too deep", nested(MAX_DEPTH + 1), /deeper than 64 levels/],
  ];
  for (const [what, value, message] of refused) {
    it(`refuses ${what}, and says where it is`, () => {
      const found = measure(value);
      assert.ok(found instanceof RequestError);
      assert.equal(found.code, "INVALID_REQUEST");
      assert.match(found.message, message);
    });
  }

  it("takes what nests as deep as is allowed", () => {
    assert.ok(measured(nested(MAX_DEPTH)).bytes > 0);
  });
});

describe("sendableFields", () => {
  it("leaves small fields as they are, and says what it left out instead of the others", () => {
    const fields = { requestId: "r", n: 1 };
    assert.equal(sendableFields(fields), fields);
    assert.equal(sendableFields(undefined), undefined);
    assert.match(String(sendableFields({ f() {} })?.leftOut), /A function cannot be sent/);
    assert.match(String(sendableFields({ text: "x".repeat(9_000) })?.leftOut), /9\d{3} bytes/);
  });
});
