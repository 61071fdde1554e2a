import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createBrokerFixture, end } from "./brokerFixture.ts";

describe("an op that does not parse", () => {
  it("ends the request that it is about, and frees its place", () => {
    const { join, lines } = createBrokerFixture();
    const [gateway, worker] = [join(), join()];
    worker.serve();
    gateway.request("r1");
    gateway.request("r2");
    worker.frame({ kind: "end", id: "r1", seq: "none" });
    assert.deepEqual(gateway.frames().map(({ id, code }) => [id, code]), [
      ["r1", "INVALID_RESPONSE"],
    ]);
    assert.deepEqual(worker.controls().map(({ kind, id }) => [kind, id]), [["cancel", "r1"]]);
    assert.equal(worker.controls()[0]!.attempt, 1, "no later run is stopped");
    assert.deepEqual(worker.requests().map(({ id }) => id), ["r1", "r2"]);
    worker.frame(end("r2"));
    assert.equal(gateway.frames().at(-1)!.kind, "end");
    assert.equal(lines.length, 1);
  });

  it("is answered where it is a request, whatever is missing in it", () => {
    const { join } = createBrokerFixture();
    const plugin = join();
    plugin.say({ op: "request", request: { id: "r1", type: "a.b", attempt: "first" } });
    assert.deepEqual(plugin.frames().map(({ id, code }) => [id, code]), [
      ["r1", "INVALID_REQUEST"],
    ]);
  });

  it("ends nothing of another member's", () => {
    const { join } = createBrokerFixture();
    const [gateway, worker, other] = [join(), join(), join()];
    worker.serve();
    gateway.request("r1");
    other.frame({ kind: "end", id: "r1", seq: "none" });
    other.say({ op: "frame", frame: { kind: "end" } });
    other.say("nonsense");
    assert.deepEqual(gateway.frames(), []);
  });
});
