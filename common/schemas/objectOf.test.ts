import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { objectOf } from "./objectOf.ts";

const entries = {
  kind: v.literal("a"),
  id: v.pipe(v.string(), v.regex(/^[a-z]+$/), v.maxLength(4)),
  n: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  yes: v.optional(v.boolean()),
  usual: v.optional(v.number(), 7),
  any: v.optional(v.unknown()),
  must: v.unknown(),
  inner: v.optional(v.object({ x: v.number() })),
  cut: v.optional(v.pipe(v.string(), v.trim())),
  list: v.optional(v.array(v.string())),
};
const [ours, valibots] = [objectOf(entries), v.object(entries)];
const whole = { kind: "a", id: "abc", n: 1, yes: true, usual: 1, any: null, must: 0 };

/** What a parse is good for: its output, or what is wrong and where. */
const told = (schema: v.GenericSchema, value: unknown) => {
  const { success, output, issues } = v.safeParse(schema, value);
  const faults = issues?.map((issue) => [v.getDotPath(issue), issue.message, issue.input]);
  return success ? { output } : { faults };
};

describe("objectOf", () => {
  const values: Record<string, unknown> = {
    "a value with all in it": { ...whole, inner: { x: 1 }, cut: "a", list: ["a"] },
    "a value with the least": { kind: "a", id: "a", must: 0 },
    "a value of which all is there but the default": { ...whole, usual: undefined },
    "an undeclared field": { ...whole, more: 1 },
    "an undeclared field of a field": { ...whole, inner: { x: 1, more: 1 } },
    "a field that is changed": { ...whole, cut: " a " },
    "a field of its class": new (class {
      kind = "a";
      id = "a";
      more = 1;
      get must() {
        return 0;
      }
    })(),
    "an inherited field": Object.assign(Object.create({ more: 1 }), whole),
    "a field that is no field of ours": JSON.parse('{"__proto__":1,"kind":"a","id":"a","must":0}'),
    "several faults": { kind: "b", id: "ABCDE", n: 0.5, yes: 1, list: [1] },
    "a number that is none": { ...whole, n: NaN },
    "a missing field": { kind: "a", id: "a" },
    "a text for an object": { ...whole, inner: "x" },
    "nothing": null,
    "a text": "a",
    "an array": [whole],
    "undefined": undefined,
  };
  for (const [what, value] of Object.entries(values)) {
    it(`gives what Valibot's own gives for ${what}`, () => {
      assert.deepEqual(told(ours, value), told(valibots, value));
    });
  }

  it("gives what Valibot's own gives for whatever else", () => {
    const some = fc.oneof(
      ...[fc.string({ maxLength: 5 }), fc.double(), fc.integer({ min: -2, max: 2 }), fc.boolean()],
      ...[fc.constant("a"), fc.constant(undefined), fc.record({ x: fc.integer() })],
      fc.array(fc.string()),
    );
    const keys = fc.constantFrom(...Object.keys(entries), "more");
    fc.assert(
      fc.property(fc.dictionary(keys, some), fc.boolean(), (value, isBased) => {
        const one = isBased ? { ...whole, ...value } : value;
        assert.deepEqual(told(ours, one), told(valibots, one));
      }),
      { numRuns: 2_000 },
    );
  });

  it("gives the very object where nothing is to be changed", () => {
    assert.equal(v.parse(ours, whole), whole);
    const nested = objectOf({ inner: ours, list: v.array(v.unknown()) });
    const value = { inner: whole, list: [1, { any: 2 }] };
    assert.equal(v.parse(nested, value), value);
    assert.notEqual(v.parse(ours, { ...whole, more: 1 }), whole);
  });
});
