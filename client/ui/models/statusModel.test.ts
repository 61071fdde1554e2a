import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sample, Status } from "../../../common/schemas/topics.ts";
import { createFakeBackend, READY } from "./_fakeBackend.ts";
import { createStatusModel } from "./statusModel.ts";

const none = { ok: 0, failed: 0, cancelled: 0 };
const sample = (ok: number): Sample => ({ ...none, ok, ms: 5_000, inFlight: 0 });
const statusOf = (first: number, oks: number[], gateway = "g1"): Status => ({
  ...{ gateway, uptimeMs: 1, peers: 0, clients: 1, inFlight: 0, lastMinute: none, types: [] },
  ...{ first, samples: oks.map(sample) },
});

const createTest = () => {
  const { socket, sent, say, moveTo, listeners } = createFakeBackend();
  const model = createStatusModel(socket);
  const tell = (...args: Parameters<typeof statusOf>) =>
    say({ kind: "told", topic: "status", told: statusOf(...args) });
  const oks = () => model.samples.value.map(({ ok }) => ok);
  return { model, sent, tell, moveTo, listeners, oks };
};

describe("the status model", () => {
  it("watches whenever there is a connection, until it is disposed of", () => {
    const { model, sent, moveTo, listeners } = createTest();
    assert.deepEqual(sent, []);
    moveTo(READY);
    moveTo({ at: "connecting", reason: "lost" });
    moveTo(READY);
    const watch = { kind: "watch", topic: "status" };
    assert.deepEqual(sent, [watch, watch]);
    model.dispose();
    assert.deepEqual(sent.at(-1), { kind: "unwatch", topic: "status" });
    assert.equal(listeners.size, 0);
  });

  it("adds what is new to what it has, 15 minutes at most", () => {
    const { model, tell, oks } = createTest();
    assert.equal(model.status.value, undefined);
    tell(5, [1, 2]);
    tell(7, [3]);
    assert.deepEqual(oks(), [1, 2, 3]);
    tell(8, Array.from({ length: 200 }, (_, n) => n));
    assert.deepEqual([oks().length, oks()[0], oks().at(-1)], [180, 20, 199]);
  });

  it("begins anew with another gateway, or where something is missing between", () => {
    const { model, tell, oks } = createTest();
    tell(0, [1, 2]);
    tell(2, [7], "g2");
    assert.deepEqual(oks(), [7]);
    tell(9, [8], "g2");
    assert.deepEqual(oks(), [8]);
    assert.equal(model.status.value?.gateway, "g2");
  });
});
