import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type RequestEvent, type RequestState, transition } from "./requestState.ts";

const unsent: RequestState = { at: "unsent", since: 1 };
const sent: RequestState = { at: "sent", since: 2, gateway: "g1" };
const running: RequestState = { at: "running", since: 3, gateway: "g1", worker: "w1" };
const settled: RequestState = { at: "settled" };

const onSent: RequestEvent = { on: "sent", now: 5, gateway: "g2" };
const onStarted: RequestEvent = { on: "started", now: 5, worker: "w2" };
const onSettled: RequestEvent = { on: "settled" };

const sentNow: RequestState = { at: "sent", since: 5, gateway: "g2" };
const runsNow: RequestState = { at: "running", since: 5, gateway: "g1", worker: "w2" };

const TABLE: [string, RequestState, RequestEvent, RequestState][] = [
  ["is sent once there is a connection", unsent, onSent, sentNow],
  ["is sent anew, to the gateway there is, when it was lost", sent, onSent, sentNow],
  ["runs nowhere that is known once it is sent anew", running, onSent, sentNow],
  ["cannot run before it was sent", unsent, onStarted, unsent],
  ["runs when a worker says so", sent, onStarted, runsNow],
  ["runs on another worker when that one takes over", running, onStarted, runsNow],
  ["settles unsent", unsent, onSettled, settled],
  ["settles when it was sent", sent, onSettled, settled],
  ["settles while it runs", running, onSettled, settled],
  ["is not sent once it has settled", settled, onSent, settled],
  ["does not run once it has settled", settled, onStarted, settled],
  ["settles once", settled, onSettled, settled],
];

describe("a client's request", () => {
  for (const [sentence, state, event, expected] of TABLE) {
    it(sentence, () => assert.deepEqual(transition(state, event), expected));
  }
});
