import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as v from "valibot";
import { createTestContext } from "./_testContext.ts";
import math from "./math.ts";

const { add, primes } = math.handlers;

const isPrime = (n: number): boolean => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n > 1;
};

describe("math.add", () => {
  it("adds two numbers", async () => {
    assert.equal(await createTestContext().result(add, { a: 1.5, b: -2 }), -0.5);
  });

  it("refuses what is not two numbers", () => {
    assert.equal(v.is(add.input, { a: 1, b: "2" }), false);
    assert.equal(v.is(add.input, { a: 1 }), false);
  });
});

describe("math.primes", () => {
  for (const upTo of [2, 3, 4, 100, 10_001, 10_002, 30_011]) {
    it(`streams exactly the primes up to ${upTo}`, async () => {
      const found = await Array.fromAsync(createTestContext().chunks(primes, { upTo }));
      const expected = Array.from({ length: upTo + 1 }, (_, n) => n).filter(isPrime);
      assert.deepEqual(found, expected);
    });
  }

  it("finds all primes of a large range, and reports at most a hundred times", async () => {
    const context = createTestContext();
    let found = 0;
    for await (const _ of context.chunks(primes, { upTo: 2_000_000 })) found++;
    assert.equal(found, 148_933);
    assert.ok(context.fractions.length > 10 && context.fractions.length <= 100);
    assert.equal(context.fractions.at(-1), 1);
  });

  it("stops when it is cancelled", async () => {
    const controller = new AbortController();
    let last = 0;
    const run = async () => {
      const context = createTestContext({ signal: controller.signal });
      for await (const prime of context.chunks(primes, { upTo: 10_000_000 })) {
        if (last === 0) setImmediate(() => controller.abort());
        last = prime;
      }
    };
    await assert.rejects(run, { name: "AbortError" });
    assert.ok(last < 1_000_000, `it went on to ${last}`);
  });

  it("refuses a limit beyond ten million, below two, or with a fraction", () => {
    for (const upTo of [10_000_001, 1, 2.5]) assert.equal(v.is(primes.input, { upTo }), false);
  });
});
