import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type RequestEvent, type RequestState, transition } from "./requestState.ts";

const unsent: RequestState = { at: "unsent", since: 1 };
const sent: RequestState = { at: "sent", since: 2 };
const running: RequestState = { at: "running", since: 3, worker: "w1" };
const settled: RequestState = { at: "settled" };

const onSent: RequestEvent = { on: "sent", now: 5 };
const onStarted: RequestEvent = { on: "started", now: 5, worker: "w2" };
const onSettled: RequestEvent = { on: "settled" };

const TABLE: [string, RequestState, RequestEvent, RequestState][] = [
  ["is sent once there is a connection", unsent, onSent, { at: "sent", since: 5 }],
  ["is sent once only", sent, onSent, sent],
  ["does not go back to being sent", running, onSent, running],
  ["cannot run before it was sent", unsent, onStarted, unsent],
  ["runs when a worker says so", sent, onStarted, { at: "running", since: 5, worker: "w2" }],
  [
    "runs on another worker when that one takes over",
    running,
    onStarted,
    { at: "running", since: 5, worker: "w2" },
  ],
  ["settles unsent", unsent, onSettled, settled],
  ["settles when it was sent", sent, onSettled, settled],
  ["settles while it runs", running, onSettled, settled],
  ["is not sent once it has settled", settled, onSent, settled],
  ["does not run once it has settled", settled, onStarted, settled],
];

describe("a client's request", () => {
  for (const [sentence, state, event, expected] of TABLE) {
    it(sentence, () => assert.deepEqual(transition(state, event), expected));
  }
});
