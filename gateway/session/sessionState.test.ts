import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type SessionEvent, type SessionState, transition } from "./sessionState.ts";

const attached: SessionState = { at: "attached" };
const detached: SessionState = { at: "detached" };
const moved: SessionState = { at: "moved", to: "g2" };
const movedOn: SessionState = { at: "moved", to: "g3" };
const closed: SessionState = { at: "closed" };

const EVENTS: Record<string, SessionEvent> = {
  attached: { on: "attached" },
  dropped: { on: "dropped" },
  "moved to g2": { on: "moved", to: "g2" },
  "moved to g3": { on: "moved", to: "g3" },
  "the end of g2": { on: "peerGone", peer: "g2" },
  "the end of g3": { on: "peerGone", peer: "g3" },
  "g2 giving it up": { on: "peerLeft", peer: "g2" },
  "g3 giving it up": { on: "peerLeft", peer: "g3" },
  expired: { on: "expired" },
  closed: { on: "closed" },
};

/** What a client that is somewhere else can do next, wherever it was. */
const anywhere = { attached, "moved to g2": moved, "moved to g3": movedOn, closed };

/** What each event makes of each state; the others leave it as it is. */
const TABLE: [string, SessionState, Record<string, SessionState>][] = [
  ["attached", attached, { ...anywhere, dropped: detached }],
  ["detached", detached, { ...anywhere, expired: closed }],
  [
    "moved to g2",
    moved,
    { ...anywhere, "the end of g2": detached, "g2 giving it up": closed },
  ],
  [
    "moved to g3",
    movedOn,
    { ...anywhere, "the end of g3": detached, "g3 giving it up": closed },
  ],
  ["closed", closed, {}],
];

describe("a session", () => {
  for (const [at, state, changes] of TABLE) {
    for (const [name, event] of Object.entries(EVENTS)) {
      const expected = changes[name] ?? state;
      const change = expected === state ? "stays so" : `becomes ${expected.at}`;
      it(`that is ${at} ${change} on ${name}`, () => {
        assert.deepEqual(transition(state, event), expected);
      });
    }
  }
});
