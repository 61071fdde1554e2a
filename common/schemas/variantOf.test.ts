import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as v from "valibot";
import { variantOf } from "./variantOf.ts";

const inner = v.variant("kind", [
  v.object({ kind: v.literal("b"), n: v.number() }),
  v.object({ kind: v.literal("c") }),
]);
const options = [v.object({ kind: v.literal("a"), text: v.string() }), inner] as const;
const ours = variantOf("kind", options);
const valibots = v.variant("kind", options);

describe("variantOf", () => {
  const values = {
    "a value of an option": { kind: "a", text: "x", more: 1 },
    "a value of a nested option": { kind: "b", n: 1 },
    "a fault in an option": { kind: "a", text: 1 },
    "a fault in a nested option": { kind: "b" },
    "a kind that no option has": { kind: "d" },
    "a kind that is no text": { kind: ["a"] },
    "no kind": { text: "x" },
    "nothing": null,
    "a text": "a",
    "an array": ["a"],
    "a number": 1,
    "undefined": undefined,
  };
  for (const [what, value] of Object.entries(values)) {
    it(`gives what Valibot's own gives for ${what}`, () => {
      const [one, other] = [v.safeParse(ours, value), v.safeParse(valibots, value)];
      // Of what failed there is no output that means anything.
      if (other.success) assert.deepEqual(one.output, other.output);
      assert.deepEqual(one.issues?.map(told), other.issues?.map(told));
      assert.deepEqual(one.success, other.success);
    });
  }

  it("can be an option of Valibot's own", () => {
    const outer = v.variant("kind", [ours, v.object({ kind: v.literal("e") })]);
    for (const kind of ["c", "e"]) assert.deepEqual(v.parse(outer, { kind }), { kind });
    assert.equal(v.is(outer, { kind: "f" }), false);
  });
});

const told = (issue: v.BaseIssue<unknown>) => [v.getDotPath(issue), issue.input];
