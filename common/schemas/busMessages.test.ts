import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type BusRequest, withTimeLeft } from "./busMessages.ts";

const requestOf = (timeoutMs: number): BusRequest => ({
  ...{ id: "s:r", type: "a.b", timeoutMs, credit: 1, attempt: 1 },
});

describe("withTimeLeft", () => {
  const times: [asked: number, left: number, given: number][] = [
    ...[[1_000, 999.2, 1_000], [1_000, 998.9, 999], [1_000, 0.1, 1], [1_000, -5, 1]],
    ...[[0, 0, 1], [-5, 3, 1], [333.3, 333.3, 334], [50, 70, 50]],
  ] as [number, number, number][];
  for (const [timeoutMs, left, given] of times) {
    it(`gives ${given} ms where ${left} are left of ${timeoutMs}`, () => {
      assert.equal(withTimeLeft(requestOf(timeoutMs), left).timeoutMs, given);
    });
  }

  it("gives the very request where all of its time is left", () => {
    const request = requestOf(60_000);
    assert.equal(withTimeLeft(request, request.timeoutMs), request);
  });
});
