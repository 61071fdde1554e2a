import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as v from "valibot";
import { checkAnswer, INVALID_ANSWER } from "./checkAnswer.ts";

const check = (value: unknown, schema: v.GenericSchema, maxBytes = 1_000) =>
  checkAnswer(value, { schema, what: "The result of a.b", maxBytes }).answer;

describe("checkAnswer", () => {
  it("lets out what the schema makes of an answer, without what it does not declare", () => {
    const schema = v.object({ n: v.pipe(v.number(), v.transform(String)) });
    assert.deepEqual(check({ n: 1, secret: 2 }, schema), { n: "1" });
  });

  it("makes null of nothing", () => {
    assert.equal(check(undefined, v.optional(v.number())), null);
    assert.equal(check(undefined, v.void()), null);
  });

  it("says where the schema refuses an answer", () => {
    assert.throws(
      () =>
        check({ rows: [{ n: 1 }, {}] }, v.object({ rows: v.array(v.object({ n: v.number() })) })),
      {
        name: INVALID_ANSWER,
        message: /^The result of a\.b is not as declared: .*rows\.1\.n/,
      },
    );
  });

  it("says where an answer cannot be sent, though its schema takes it", () => {
    assert.throws(() => check({ when: [new Map()] }, v.unknown()), {
      name: INVALID_ANSWER,
      message: /A Map cannot be sent \(at when\.0\)/,
    });
  });

  it("refuses what is over the limit, with both numbers", () => {
    assert.equal(check("x".repeat(998), v.string()), "x".repeat(998));
    assert.throws(() => check("x".repeat(999), v.string()), {
      code: "TOO_LARGE",
      details: { bytes: 1_001, limit: 1_000 },
    });
  });
});
