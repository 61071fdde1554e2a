import assert from "node:assert/strict";
import { it } from "node:test";
import { type RunEvent, type RunState, transition } from "./runState.ts";

const error = { code: "HANDLER_FAILED", message: "no", retryable: false, requestId: "r" };
const late = { ...error, code: "TIMEOUT" };
const lost = { ...error, code: "WORKER_LOST" };
const cancelled = { ...error, code: "CANCELLED" };
const idle: RunState = { at: "idle" };
const queued: RunState = { at: "queued", since: 10 };
const running: RunState = { at: "running", since: 10, worker: "w" };
const done: RunState = { at: "succeeded", elapsedMs: 5 };

const TABLE: [RunState, RunEvent, RunState][] = [
  [idle, { on: "start", now: 10 }, queued],
  [idle, { on: "end", now: 15 }, idle],
  [queued, { on: "start", now: 11 }, queued],
  [queued, { on: "started", worker: "w" }, running],
  [queued, { on: "started" }, { at: "running", since: 10, worker: undefined }],
  [queued, { on: "end", now: 15 }, done],
  [running, { on: "started" }, running],
  [running, { on: "started", worker: "v" }, { at: "running", since: 10, worker: "v" }],
  [running, { on: "end", now: 15 }, done],
  [running, { on: "error", now: 15, error }, { at: "failed", elapsedMs: 5, error }],
  [queued, { on: "error", now: 15, error: late }, { at: "timed out", elapsedMs: 5, error: late }],
  [running, { on: "error", now: 15, error: lost }, { at: "lost", elapsedMs: 5, error: lost }],
  [running, { on: "error", now: 15, error: cancelled }, { at: "cancelled", elapsedMs: 5 }],
  [done, { on: "error", now: 20, error }, done],
  [done, { on: "started", worker: "w" }, done],
  [done, { on: "start", now: 10 }, queued],
];

for (const [state, event, next] of TABLE) {
  it(`a run that is ${state.at} and gets "${event.on}" is ${next.at}`, () => {
    assert.deepEqual(transition(state, event), next);
  });
}
