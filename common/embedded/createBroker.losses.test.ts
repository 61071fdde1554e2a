import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createBrokerFixture, end } from "./brokerFixture.ts";

describe("createBroker, when a link closes", () => {
  it("hands what a lost worker held to the next, counted, and with the time that is left", () => {
    const { clock, join } = createBrokerFixture();
    const [client, first, second] = [join(), join(), join()];
    first.serve();
    client.request("1");
    clock.now = 300;
    first.lost();
    second.serve();
    const [again] = second.requests();
    assert.deepEqual([again?.id, again?.attempt, again?.timeoutMs], ["1", 2, 700]);
    first.frame(end("1"));
    assert.deepEqual(client.frames(), []);
  });

  it("gives a request up with WORKER_LOST once it has lost three workers", () => {
    const { join } = createBrokerFixture();
    const client = join();
    for (let lost = 0; lost < 3; lost++) {
      const worker = join();
      worker.serve();
      if (lost === 0) client.request("1");
      assert.equal(worker.requests().length, 1, `attempt ${lost + 1}`);
      worker.lost();
    }
    assert.equal(client.frames().at(-1)?.code, "WORKER_LOST");
    const fourth = join();
    fourth.serve();
    assert.deepEqual(fourth.requests(), []);
  });

  it("cancels what a lost requester asked for, and forgets what waits", () => {
    const { join } = createBrokerFixture();
    const [client, worker] = [join(), join()];
    worker.serve();
    client.request("1");
    client.request("2");
    client.lost();
    assert.deepEqual(worker.controls().map(({ kind, id }) => [kind, id]), [["cancel", "1"]]);
    worker.frame(end("1"));
    assert.deepEqual(worker.requests().map(({ id }) => id), ["1"]);
  });
});
