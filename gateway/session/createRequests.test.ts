import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { createLogger } from "../../common/logger.ts";
import type { RequestMessage } from "../../common/schemas/clientMessages.ts";
import { BYTES_PER_CREDIT } from "../../common/schemas/limits.ts";
import { createCatalog } from "../createCatalog.ts";
import type { Placed } from "./replay.ts";
import { createRequests } from "./createRequests.ts";
import { createFakeCaller } from "./sessionFixture.ts";

const limits = {
  requestTimeoutMs: 60_000,
  maxPayloadBytes: 1_000,
  maxPending: 10_000,
  maxPendingTotal: 10_000,
  resumeMs: 60_000,
};
const catalog = createCatalog();
after(() => catalog.close());
const log = createLogger({ write: () => {} });
/** The cost of a chunk of a mebibyte. */
const MEBIBYTE = 1_048_576 / BYTES_PER_CREDIT;

/** The requests of one client; `kept` is what all clients of the gateway keep together. */
const createTest = (kept = { bytes: 0 }) => {
  const { caller, calls } = createFakeCaller();
  const pushed: Placed[] = [];
  let overflows = 0;
  const requests = createRequests({
    ...{ caller, catalog, limits, log, kept, now: () => performance.now() },
    push: (placed) => void pushed.push(placed),
    onOverflow: () => void overflows++,
  }, { session: "s" });
  const ask = (id: string, more: Partial<RequestMessage> = {}) =>
    requests.start({ kind: "request", id, type: "a.b", timeoutMs: 50_000, ...more });
  const chunk = (n: number, seq: number, cost: number) =>
    calls[n]!.take({ kind: "chunk", id: calls[n]!.request.id, seq, cost });
  const end = (n: number) => calls[n]!.take({ kind: "end", id: calls[n]!.request.id, seq: 0 });
  const last = () => {
    const { index, frame } = pushed.at(-1)!;
    return [index, frame.kind, frame.kind === "error" ? frame.code : undefined];
  };
  return {
    ...{ requests, calls, kept, pushed, ask, chunk, end, last },
    get overflows() {
      return overflows;
    },
  };
};

describe("createRequests", () => {
  it("counts what it keeps, the payload too, until the client has it", () => {
    const { requests, kept, ask, chunk, end } = createTest();
    ask("1", { payload: "x".repeat(500) });
    chunk(0, 0, MEBIBYTE);
    assert.equal(kept.bytes, 1_048_576);
    requests.control({ kind: "received", id: "1", seq: 1 });
    assert.equal(kept.bytes, 0);
    end(0);
    assert.ok(kept.bytes > 500);
    requests.control({ kind: "received", id: "1", seq: 2 });
    assert.deepEqual([kept.bytes, requests.isEmpty(), requests.pending()], [0, true, 0]);
  });

  it("ends a request whose client takes nothing, and says so when it is back", () => {
    const test = createTest();
    const { requests, ask, chunk, calls, kept, last } = test;
    ask("1");
    for (let seq = 0; seq < 64; seq++) chunk(0, seq, MEBIBYTE);
    assert.deepEqual([test.overflows, calls[0]!.isOver], [0, false]);
    chunk(0, 64, MEBIBYTE);
    assert.deepEqual([test.overflows, calls[0]!.isOver, requests.pending()], [1, true, 0]);
    assert.deepEqual(last(), [65, "error", "STREAM_BROKEN"]);
    assert.ok(kept.bytes < 1_000);
    requests.replay({ id: "1", seq: 3 });
    assert.deepEqual(last(), [3, "error", "STREAM_BROKEN"]);
    assert.deepEqual([kept.bytes, requests.isEmpty()], [0, true]);
  });

  it("leaves alone who keeps little when all together keep too much", () => {
    const kept = { bytes: 600 * 1_048_576 };
    const [much, little] = [createTest(kept), createTest(kept)];
    for (const { ask } of [much, little]) ask("1");
    little.chunk(0, 0, 2);
    much.chunk(0, 0, MEBIBYTE);
    much.chunk(0, 1, 2);
    assert.deepEqual([much.overflows, little.overflows], [1, 0]);
    assert.deepEqual([much.calls[0]!.isOver, little.calls[0]!.isOver], [true, false]);
  });

  it("asks for chunks that share a frame where its client takes them, and nowhere else", () => {
    const { calls, ask } = createTest();
    ask("new", { chunks: true });
    ask("old");
    assert.deepEqual(calls.map(({ request: { chunks } }) => chunks), [true, undefined]);
  });

  it("gives chunks that come at a stroke as one frame to who takes that, else one by one", () => {
    const { calls, pushed, ask } = createTest();
    ask("new", { chunks: true });
    ask("old");
    for (const { request: { id }, take } of calls) {
      take({ kind: "chunks", id, seq: 4, data: ["a", "b"] });
      take({ kind: "end", id, seq: 6 });
    }
    assert.deepEqual(pushed, [
      { index: 0, frame: { kind: "chunks", id: "new", seq: 4, data: ["a", "b"] } },
      { index: 1, frame: { kind: "end", id: "new", seq: 6 } },
      { index: 0, frame: { kind: "chunk", id: "old", seq: 4, data: "a" } },
      { index: 1, frame: { kind: "chunk", id: "old", seq: 5, data: "b" } },
      { index: 2, frame: { kind: "end", id: "old", seq: 6 } },
    ]);
  });

  it("runs no request twice, a thousand back at least and two thousand at most", () => {
    const { requests, calls, ask, end } = createTest();
    const runUpTo = (n: number) => {
      while (calls.length < n) {
        const id = `${calls.length}`;
        ask(id);
        end(Number(id));
        requests.control({ kind: "received", id, seq: 1 });
      }
    };
    runUpTo(1_000);
    assert.equal(ask("0")?.code, "CONFLICT");
    runUpTo(1_999);
    assert.equal(ask("999")?.code, "CONFLICT");
    runUpTo(2_002);
    assert.equal(ask("0"), undefined);
  });

  it("forgets nothing that the client still asks for", () => {
    const { requests, calls, ask } = createTest();
    for (const id of ["1", "2", "3"]) ask(id);
    const held = ["4", "3", "1"].map((id) => ({ id, seq: 0 }));
    assert.deepEqual(requests.narrow(held), ["3", "1"]);
    assert.deepEqual(calls.map(({ isOver }) => isOver), [false, true, false]);
    assert.equal(requests.pending(), 2);
  });

  it("cancels all when its client is gone, without a word to it", () => {
    const { requests, calls, pushed, kept, ask } = createTest();
    for (const id of ["1", "2"]) ask(id, { payload: "some" });
    requests.close("the client is gone");
    assert.deepEqual(calls.map(({ told }) => told), [["the client is gone"], [
      "the client is gone",
    ]]);
    assert.deepEqual([pushed, kept.bytes, requests.isEmpty()], [[], 0, true]);
  });
});
