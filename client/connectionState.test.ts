import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ConnectionEvent, type ConnectionState, transition } from "./connectionState.ts";

const welcome = {
  session: "s",
  gateway: "g1",
  timeoutMs: 30_000,
  maxPayloadBytes: 1_000,
  resumeMs: 30_000,
  task: "deno task",
};
const error = { code: "FORBIDDEN", message: "No.", retryable: false };
const found = { gateways: ["g1"], lost: new Set(["r1"]) };
const foundBefore = { gateways: [], lost: new Set<string>() };

const idle: ConnectionState = { at: "idle" };
const connecting: ConnectionState = { at: "connecting" };
const retrying: ConnectionState = { at: "connecting", reason: "why" };
const resuming: ConnectionState = { at: "resuming", welcome };
const ready: ConnectionState = { at: "ready", welcome };
const goneOn: ConnectionState = { at: "ready", welcome, resumed: foundBefore };
const resumed: ConnectionState = { at: "ready", welcome, resumed: found };
const leaving: ConnectionState = { at: "leaving", welcome };
const refused: ConnectionState = { at: "refused", error };

const EVENTS: Record<string, ConnectionEvent> = {
  connect: { on: "connect" },
  "the first welcome": { on: "welcome", welcome, resumes: false },
  "a later welcome": { on: "welcome", welcome, resumes: true },
  resumed: { on: "resumed", resumed: found },
  goodbye: { on: "goodbye" },
  failed: { on: "failed", reason: "why" },
  lost: { on: "lost", reason: "why" },
  refused: { on: "refused", error },
  close: { on: "close" },
};

/** What the first connection and a later one have in common. */
const attempt = {
  "the first welcome": ready,
  "a later welcome": resuming,
  failed: retrying,
  refused,
  close: idle,
};

/** What each event makes of each state; the others leave it as it is, and the very same. */
const TABLE: [string, ConnectionState, Record<string, ConnectionState>][] = [
  ["idle", idle, { connect: connecting, close: idle }],
  ["connecting", connecting, attempt],
  ["connecting anew", retrying, attempt],
  ["resuming", resuming, { resumed, goodbye: leaving, lost: retrying, close: idle }],
  ["ready", ready, { resumed, goodbye: leaving, lost: retrying, close: idle }],
  ["ready, and went on", goneOn, { resumed, goodbye: leaving, lost: retrying, close: idle }],
  ["leaving", leaving, { goodbye: leaving, lost: retrying, close: idle }],
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
