import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ConnectionEvent, type ConnectionState, transition } from "./transition.ts";

const STATES: Record<string, ConnectionState> = {
  connecting: { status: "connecting" },
  ready: { status: "ready" },
  blocked: { status: "blocked", reason: "memory" },
  recovering: { status: "recovering", attempt: 1 },
  closed: { status: "closed" },
};
const EVENTS: ConnectionEvent[] = [
  { kind: "connected" },
  { kind: "lost" },
  { kind: "retrying", attempt: 2 },
  { kind: "blocked", reason: "disk" },
  { kind: "unblocked" },
  { kind: "closed" },
];
// The status after each event, in their order above.
const TABLE: Record<string, string[]> = {
  connecting: ["ready", "connecting", "connecting", "connecting", "connecting", "closed"],
  ready: ["ready", "recovering", "ready", "blocked", "ready", "closed"],
  blocked: ["blocked", "recovering", "blocked", "blocked", "ready", "closed"],
  recovering: ["ready", "recovering", "recovering", "recovering", "recovering", "closed"],
  closed: ["closed", "closed", "closed", "closed", "closed", "closed"],
};

describe("transition", () => {
  for (const [name, row] of Object.entries(TABLE)) {
    it(`knows what every event does to a connection that is ${name}`, () => {
      assert.deepEqual(EVENTS.map((event) => transition(STATES[name]!, event).status), row);
    });
  }

  it("keeps the reason of a block and the number of the try", () => {
    assert.deepEqual(transition({ status: "ready" }, { kind: "blocked", reason: "disk" }), {
      status: "blocked",
      reason: "disk",
    });
    assert.deepEqual(transition(STATES.recovering!, { kind: "retrying", attempt: 2 }), {
      status: "recovering",
      attempt: 2,
    });
  });

  it("returns the same object when nothing changes, so that nobody is told", () => {
    const ready = STATES.ready!;
    assert.equal(transition(ready, { kind: "connected" }), ready);
  });
});
