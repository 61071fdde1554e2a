import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Frame } from "../schemas/frames.ts";
import { type CallEvent, type CallState, type CallStep, toWhere, transition } from "./callState.ts";

const queued: CallState = { at: "queued", since: 10, attempt: 1, came: 0, passed: 0 };
const running: CallState = {
  at: "running",
  since: 20,
  worker: "w1",
  attempt: 1,
  came: 3,
  passed: 3,
};
const settled: CallState = { at: "settled" };
const rerun: CallState = { ...running, since: 30, worker: "w2", attempt: 2, came: 0 };
const askedAgain: CallState = { at: "queued", since: 30, attempt: 2, came: 0, passed: 3 };
const w1 = { worker: "w1", attempt: 1 };

/** A frame of some run, at 30. */
const of = (attempt: number, frame: Record<string, unknown>): CallEvent => ({
  on: "frame",
  now: 30,
  frame: { id: "1", ...(attempt > 1 ? { attempt } : {}), ...frame } as Frame,
});
const started = (attempt: number, worker: string) => of(attempt, { kind: "started", worker });
const chunk = (attempt: number, seq: number) => of(attempt, { kind: "chunk", seq });
const chunks = (attempt: number, seq: number, count: number) =>
  of(attempt, { kind: "chunks", seq, data: Array(count).fill("some") });
const failed = (attempt: number): CallEvent => ({
  on: "frame",
  now: 30,
  frame: { kind: "error", id: "r", code: "FAILED", message: "", retryable: false, attempt },
});
const end = (attempt: number) => of(attempt, { kind: "end", seq: 3 });
const again: CallEvent = { on: "asked again", now: 30, attempt: 2 };

type Row = [sentence: string, CallState, CallEvent, CallStep];
const FIRST_RUN: Row[] = [
  ["runs once a worker says so", queued, started(1, "w2"), {
    state: { ...queued, at: "running", since: 30, worker: "w2" },
    passes: true,
  }],
  ["runs, nobody knows where, when anything else comes first", queued, chunk(1, 0), {
    state: { ...queued, at: "running", since: 30, worker: undefined, came: 1, passed: 1 },
    passes: true,
    cost: 1,
  }],
  ["goes on when its worker says twice that it runs", running, started(1, "w1"), {
    state: running,
    passes: true,
  }],
  ["passes the next chunk on", running, chunk(1, 3), {
    state: { ...running, came: 4, passed: 4 },
    passes: true,
    cost: 1,
  }],
  ["passes on no chunk after one that is missing", running, chunk(1, 4), {
    state: running,
    gap: true,
  }],
  ["keeps a chunk to itself that came before", running, chunk(1, 2), { state: running }],
  ["passes chunks on that come at a stroke, each for its credit", running, chunks(1, 3, 4), {
    state: { ...running, came: 7, passed: 7 },
    passes: true,
    cost: 4,
  }],
  ["passes on none of several after a missing one", running, chunks(1, 4, 4), {
    state: running,
    gap: true,
  }],
  ["keeps several to itself that came before", running, chunks(1, 0, 3), { state: running }],
  ["settles while it is queued", queued, { on: "settled" }, { state: settled }],
  ["settles with the first terminal frame", running, end(1), { state: settled, passes: true }],
  ["does not run once it has settled", settled, started(2, "w1"), { state: settled }],
  ["is not asked again once it has settled", settled, again, { state: settled }],
];

const LATER_RUNS: Row[] = [
  ["gives up the old worker when another begins", running, started(2, "w2"), {
    state: rerun,
    passes: true,
    begins: true,
    stale: w1,
  }],
  ["leaves its worker alone when the same one begins anew", running, started(2, "w1"), {
    state: { ...rerun, worker: "w1" },
    passes: true,
    begins: true,
  }],
  ["gives up the old run at the first sign of a new one", running, chunk(2, 0), {
    state: { ...rerun, worker: undefined, came: 1 },
    passes: false,
    seen: 1,
    cost: 1,
    begins: true,
    stale: w1,
  }],
  ["gives up the old run when a new one has failed", running, failed(2), {
    state: settled,
    passes: true,
    stale: w1,
  }],
  ["does not take the end of a run whose chunks never came", running, end(2), {
    state: { ...rerun, worker: undefined },
    gap: true,
    begins: true,
    stale: w1,
  }],
  ["keeps what a new run repeats to itself, though it cost", rerun, chunk(2, 0), {
    state: { ...rerun, came: 1 },
    passes: false,
    seen: 1,
    cost: 1,
  }],
  ["keeps several to itself that a new run repeats, though they cost", rerun, chunks(2, 0, 2), {
    state: { ...rerun, came: 2 },
    passes: false,
    seen: 2,
    cost: 2,
  }],
  ["passes on what is new of several, and is told how many are not", rerun, chunks(2, 0, 5), {
    state: { ...rerun, came: 5, passed: 5 },
    passes: true,
    seen: 3,
    cost: 5,
  }],
  ["passes on what no run gave before", { ...rerun, came: 3 }, chunk(2, 3), {
    state: { ...rerun, came: 4, passed: 4 },
    passes: true,
    cost: 1,
  }],
  ["takes no frame of a run that was replaced", rerun, chunk(1, 3), { state: rerun }],
  ["takes no end of a run that was replaced", rerun, end(1), { state: rerun }],
  ["stops a run that begins when it was replaced already", rerun, started(1, "w1"), {
    state: rerun,
    stale: w1,
  }],
  ["waits anew when it is asked again", running, again, { state: askedAgain, stale: w1 }],
  ["is asked for no run that there was", rerun, again, { state: rerun }],
  ["begins the run that it was asked for", askedAgain, started(2, "w2"), {
    state: rerun,
    passes: true,
    begins: true,
  }],
  ["begins a later run than it was asked for", askedAgain, started(3, "w2"), {
    state: { ...rerun, attempt: 3 },
    passes: true,
    begins: true,
  }],
];

/** What a step says when it does not say it. */
const SAYS_NOTHING = { passes: false, seen: 0, cost: 0, begins: false };
const full = (step: CallStep): CallStep => {
  const said = Object.entries(step).filter(([, value]) => value !== undefined);
  return { ...SAYS_NOTHING, ...Object.fromEntries(said) as CallStep };
};

describe("a call on the bus", () => {
  for (const [sentence, state, event, expected] of [...FIRST_RUN, ...LATER_RUNS]) {
    it(sentence, () => assert.deepEqual(full(transition(state, event)), full(expected)));
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
