import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BusRequest } from "../../common/schemas/busMessages.ts";
import { DEFAULT_CREDIT } from "../../common/schemas/limits.ts";
import { createNestedCall } from "./createNestedCall.ts";
import { createFakeCaller, requestOf } from "./runFixture.ts";

const createTest = ({ request = {}, remainingMs = 500.2 }: {
  request?: Partial<BusRequest>;
  remainingMs?: number;
} = {}) => {
  const aborter = new AbortController();
  const { caller, started } = createFakeCaller();
  const { call } = createNestedCall({
    request: requestOf(request),
    signal: aborter.signal,
    remainingMs: () => remainingMs,
    maxPayloadBytes: 10_000,
    caller,
  });
  return { aborter, started, call };
};

describe("createNestedCall", () => {
  it("asks in the name of the request that it serves, under ids that show whose they are", async () => {
    const principal = { id: "ada" };
    const { call, started } = createTest({ request: { principal, trace: "t1", attempt: 2 } });
    const responses = [call("c.d", { n: 1 }), call("c.e")];
    const [one, two] = started.map(({ request }) => request);
    assert.deepEqual(one, {
      id: "session:r.1r2",
      type: "c.d",
      payload: { n: 1 },
      timeoutMs: 501,
      credit: DEFAULT_CREDIT,
      chunks: true,
      attempt: 1,
      principal,
      trace: "t1",
    });
    assert.deepEqual([two?.id, responses[1]?.id], ["session:r.2r2", "r.2r2"]);
    started[0]!.take({ kind: "end", id: one!.id, seq: 0, data: "answer" });
    assert.equal(await responses[0], "answer");
  });

  const times: [number | undefined, number, number][] = [
    [undefined, 500, 500],
    [100, 500, 100],
    [900, 500, 500],
    [undefined, -3, 1],
    [-5, 500, 1],
    [333.3, 500, 334],
  ];
  for (const [timeoutMs, remainingMs, given] of times) {
    it(`gives ${given} ms where ${timeoutMs} are asked for and ${remainingMs} are left`, () => {
      const { call, started } = createTest({ remainingMs });
      call("c.d", null, { timeoutMs });
      assert.equal(started[0]?.request.timeoutMs, given);
    });
  }

  it("is cancelled with the request that made it, and by its own signal", async () => {
    const { call, aborter, started } = createTest();
    const own = new AbortController();
    const [one, two] = [call("c.d"), call("c.d", null, { signal: own.signal })];
    own.abort(new Error("not this one"));
    await assert.rejects(two, { code: "CANCELLED" });
    assert.deepEqual(started.map(({ cancelled }) => cancelled), [undefined, "not this one"]);
    aborter.abort(new Error("all of it"));
    await assert.rejects(one, { code: "CANCELLED" });
    assert.equal(started[0]!.cancelled, "all of it");
  });

  it("does not begin once the request that makes it was aborted, or its own signal was", async () => {
    const { call, aborter, started } = createTest();
    await assert.rejects(call("c.d", null, { signal: AbortSignal.abort() }), { code: "CANCELLED" });
    aborter.abort();
    await assert.rejects(call("c.d"), { code: "CANCELLED" });
    assert.deepEqual(started.map(({ request }) => request.id), []);
  });

  it("refuses a payload that cannot be sent, and does not begin", async () => {
    const { call, started } = createTest();
    await assert.rejects(call("c.d", { f: [() => {}] }), {
      code: "INVALID_REQUEST",
      message: /A function cannot be sent \(at f\.0\)/,
    });
    assert.equal(started.length, 0);
  });
});
