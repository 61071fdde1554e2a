import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settlesWithin } from "./settlesWithin.ts";

describe("settlesWithin", () => {
  it("tells that a promise settled in time, either way", async () => {
    assert.equal(await settlesWithin(Promise.resolve(1), 60_000), true);
    assert.equal(await settlesWithin(Promise.reject(new Error("failed")), 60_000), true);
  });

  it("tells that one did not, and swallows how it ends later", async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    assert.equal(await settlesWithin(promise, 1), false);
    reject(new Error("too late, and handled"));
    await assert.rejects(promise);
  });
});
