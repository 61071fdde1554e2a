import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cancel, createBrokerFixture, end } from "./brokerFixture.ts";

/** A request of a plugin that the bus has brought back to the plugin's own worker. */
const askItself = () => {
  const { join } = createBrokerFixture();
  const [uplink, plugin] = [join({ uplink: true }), join()];
  plugin.serve();
  plugin.request("nested");
  uplink.request("nested");
  return { uplink, plugin };
};

describe("createBroker, behind an uplink", () => {
  it("answers for what is cancelled or late before it began: the bus holds it until then", () => {
    const { clock, join } = createBrokerFixture();
    const [uplink, worker] = [join({ uplink: true }), join()];
    worker.serve();
    for (const id of ["runs", "late", "cancelled"]) uplink.request(id, id === "late" ? 50 : 1_000);
    uplink.control(cancel("cancelled"));
    assert.deepEqual(uplink.frames().map(({ id, code }) => [id, code]), [
      ["cancelled", "CANCELLED"],
    ]);
    clock.now = 400;
    uplink.request("next");
    assert.deepEqual(uplink.frames().map(({ id }) => id), ["cancelled", "late"]);
    assert.deepEqual(worker.requests().map(({ id }) => id), ["runs"]);
  });

  it("forgets a nested request that its requester gave up: no answer may ever come", () => {
    const { join } = createBrokerFixture();
    const [uplink, plugin, other] = [join({ uplink: true }), join(), join()];
    plugin.request("cancelled");
    other.request("orphan");
    plugin.control(cancel("cancelled"));
    other.lost();
    assert.deepEqual(uplink.controls().map(({ kind, id }) => [kind, id]), [
      ["cancel", "cancelled"],
      ["cancel", "orphan"],
    ]);
    for (const id of ["cancelled", "orphan"]) plugin.request(id);
    assert.deepEqual(uplink.requests().map(({ id }) => id), [
      ...["cancelled", "orphan"],
      ...["cancelled", "orphan"],
    ]);
    assert.deepEqual(plugin.frames(), []);
  });

  it("has a request of its own member served here, where the bus brings it back", () => {
    const { uplink, plugin } = askItself();
    assert.deepEqual(plugin.requests().map(({ id }) => id), ["nested"]);
    plugin.frame({ kind: "started", id: "nested", worker: "w" });
    plugin.frame(end("nested"));
    assert.deepEqual(uplink.frames().map(({ kind }) => kind), ["started", "end"]);
    for (const frame of uplink.frames()) uplink.frame(frame);
    assert.deepEqual(plugin.frames().map(({ kind }) => kind), ["started", "end"]);
  });

  it("lets a cancel of one's own request come back to where it runs", () => {
    const { uplink, plugin } = askItself();
    plugin.control(cancel("nested"));
    assert.deepEqual([uplink.controls().length, plugin.controls().length], [1, 0]);
    uplink.control(cancel("nested"));
    assert.deepEqual(plugin.controls().map(({ kind, id }) => [kind, id]), [["cancel", "nested"]]);
  });

  it("gives back what nobody holds, and says whether somebody has held it", () => {
    const { join } = createBrokerFixture();
    const [uplink, first, second] = [join({ uplink: true }), join(), join()];
    first.serve();
    second.serve();
    for (const id of ["lost", "held", "waits"]) uplink.request(id);
    first.say({ op: "pause" });
    assert.deepEqual(first.heard.at(-1), { op: "paused" });
    first.lost();
    uplink.say({ op: "withdraw" });
    assert.deepEqual(uplink.heard.at(-1), {
      op: "withdrawn",
      requests: [{ id: "lost", attempt: 2 }, { id: "waits", attempt: 1 }],
    });
    second.lost();
    const third = join();
    third.serve(9);
    assert.deepEqual(third.requests().map(({ id, attempt }) => [id, attempt]), [["held", 2]]);
  });
});
