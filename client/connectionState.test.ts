import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ConnectionEvent, type ConnectionState, transition } from "./connectionState.ts";

const facts = { session: "s", timeoutMs: 30_000, maxPayloadBytes: 1_000 };
const error = { code: "FORBIDDEN", message: "No.", retryable: false };

const idle: ConnectionState = { at: "idle" };
const connecting: ConnectionState = { at: "connecting" };
const retrying: ConnectionState = { at: "connecting", reason: "why" };
const ready: ConnectionState = { at: "ready", ...facts };
const refused: ConnectionState = { at: "refused", error };

const EVENTS: Record<string, ConnectionEvent> = {
  connect: { on: "connect" },
  welcome: { on: "welcome", ...facts },
  failed: { on: "failed", reason: "why" },
  lost: { on: "lost", reason: "why" },
  refused: { on: "refused", error },
  close: { on: "close" },
};

/** What each event makes of each state; the others leave it as it is, and the very same. */
const TABLE: [string, ConnectionState, Record<string, ConnectionState>][] = [
  ["idle", idle, { connect: connecting, close: idle }],
  ["connecting", connecting, { welcome: ready, failed: retrying, refused, close: idle }],
  ["ready", ready, { lost: retrying, close: idle }],
  ["refused", refused, { connect: connecting, close: idle }],
];

describe("a client's connection", () => {
  for (const [at, state, changes] of TABLE) {
    for (const [name, event] of Object.entries(EVENTS)) {
      const expected = changes[name];
      it(`that is ${at} ${expected ? `becomes ${expected.at}` : "stays so"} on ${name}`, () => {
        const next = transition(state, event);
        if (expected) assert.deepEqual(next, expected);
        else assert.equal(next, state);
      });
    }
  }

  it("forgets why an attempt failed once it is closed and asked for anew", () => {
    const closed = transition(retrying, { on: "close" });
    assert.deepEqual(transition(closed, { on: "connect" }), connecting);
  });
});
