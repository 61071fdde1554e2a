import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CallEvent, type CallState, toWhere, transition } from "./callState.ts";

const queued: CallState = { at: "queued", since: 10 };
const running: CallState = { at: "running", since: 20, queuedAt: 10, worker: "w1" };
const settled: CallState = { at: "settled" };
const started: CallEvent = { on: "started", now: 30, worker: "w2" };
const end: CallEvent = { on: "settled" };

const TABLE: [string, CallState, CallEvent, CallState][] = [
  [
    "runs once a worker says so",
    queued,
    started,
    { at: "running", since: 30, queuedAt: 10, worker: "w2" },
  ],
  [
    "runs anew when another worker takes over",
    running,
    started,
    { at: "running", since: 30, queuedAt: 10, worker: "w2" },
  ],
  ["settles while it is queued", queued, end, settled],
  ["settles while it runs", running, end, settled],
  ["does not run once it has settled", settled, started, settled],
  ["stays settled", settled, end, settled],
];

describe("a call on the bus", () => {
  for (const [sentence, state, event, expected] of TABLE) {
    it(sentence, () => assert.deepEqual(transition(state, event), expected));
  }

  it("tells where it stood, in whole milliseconds", () => {
    const now = 35.6;
    assert.deepEqual(toWhere(queued, { now, workers: 2 }), {
      state: "queued",
      workers: 2,
      elapsedMs: 26,
    });
    assert.deepEqual(toWhere(running, { now, workers: 2 }), {
      state: "running",
      worker: "w1",
      elapsedMs: 16,
    });
  });
});
