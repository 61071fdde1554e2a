import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BENCH_MS,
  CRASH_WINDOW_MS,
  type HostEvent,
  type HostState,
  transition,
} from "./hostState.ts";

describe("the process of a plugin", () => {
  const crashes: number[] = [];
  const rows: [HostState, HostEvent, HostState][] = [
    [{ at: "starting", crashes }, { on: "serving" }, { at: "serving", crashes }],
    [{ at: "starting", crashes }, { on: "broken" }, { at: "broken", crashes }],
    [{ at: "starting", crashes }, { on: "crashed", now: 7 }, {
      at: "restarting",
      crashes: [7],
      delayMs: 100,
    }],
    [{ at: "serving", crashes: [1] }, { on: "crashed", now: 7 }, {
      at: "restarting",
      crashes: [1, 7],
      delayMs: 200,
    }],
    [{ at: "serving", crashes: [1] }, { on: "crashed", now: CRASH_WINDOW_MS + 1 }, {
      at: "restarting",
      crashes: [CRASH_WINDOW_MS + 1],
      delayMs: 100,
    }],
    [{ at: "serving", crashes: [1, 2, 3, 4] }, { on: "crashed", now: 5 }, {
      at: "benched",
      crashes: [1, 2, 3, 4, 5],
      delayMs: BENCH_MS,
    }],
    [{ at: "restarting", crashes, delayMs: 100 }, { on: "forked" }, { at: "starting", crashes }],
    [{ at: "benched", crashes, delayMs: 100 }, { on: "forked" }, { at: "starting", crashes }],
    [{ at: "broken", crashes }, { on: "forked" }, { at: "starting", crashes }],
    [{ at: "serving", crashes }, { on: "close" }, { at: "closed" }],
    [{ at: "closed" }, { on: "forked" }, { at: "closed" }],
    [{ at: "closed" }, { on: "crashed", now: 1 }, { at: "closed" }],
  ];
  for (const [before, event, after] of rows) {
    it(`that is ${before.at} is ${after.at} after ${event.on} (${JSON.stringify(after)})`, () => {
      assert.deepEqual(transition(before, event), after);
    });
  }

  it("is not changed by what comes too late", () => {
    const late: [HostState, HostEvent][] = [
      [{ at: "broken", crashes }, { on: "crashed", now: 1 }],
      [{ at: "benched", crashes, delayMs: 1 }, { on: "crashed", now: 1 }],
      [{ at: "restarting", crashes, delayMs: 1 }, { on: "serving" }],
      [{ at: "serving", crashes }, { on: "broken" }],
    ];
    for (const [state, event] of late) assert.equal(transition(state, event), state);
  });
});
