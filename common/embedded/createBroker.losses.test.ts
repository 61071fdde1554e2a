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
    const { code, attempt } = client.frames().at(-1)!;
    assert.deepEqual([code, attempt], ["WORKER_LOST", 3]);
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

  /** A request asked for again under its own id, while its first run still holds the only place. */
  const cancelled = {
    ...{ kind: "error", id: "1", code: "CANCELLED", message: "enough", retryable: false },
  };
  const askTwice = (more: Record<string, unknown>) => {
    const { join } = createBrokerFixture();
    const [client, worker] = [join(), join()];
    worker.serve();
    const ask = (attempt: number) =>
      client.say({
        op: "request",
        request: { id: "1", type: "a.b", timeoutMs: 1_000, attempt, credit: 64, ...more },
      });
    ask(1);
    ask(2);
    return { client, worker, ask };
  };

  it("replaces a run that is asked for again, and gives its place away when it has ended", () => {
    const { client, worker } = askTwice({ idempotent: true });
    const control = { kind: "cancel", id: "1", reason: "a later run replaced it", attempt: 1 };
    assert.deepEqual(worker.controls(), [control]);
    assert.deepEqual(worker.requests().map(({ attempt }) => attempt), [1]);
    worker.frame({ kind: "chunk", id: "1", seq: 0 });
    worker.frame(cancelled);
    assert.deepEqual(worker.requests().map(({ attempt }) => attempt), [1, 2]);
    assert.deepEqual(client.frames(), []);
    worker.frame({ ...end("1"), attempt: 2 });
    client.request("2");
    assert.deepEqual(client.frames(), [{ ...end("1"), attempt: 2 }]);
    assert.equal(worker.requests().at(-1)?.id, "2");
  });

  it("counts on when it has run as often as the one who asks knows of", () => {
    const { worker, ask } = askTwice({ idempotent: true });
    worker.frame(cancelled);
    ask(2);
    worker.frame({ ...cancelled, attempt: 2 });
    assert.deepEqual(worker.requests().map(({ attempt }) => attempt), [1, 2, 3]);
  });

  it("refuses to run again what is not idempotent", () => {
    const { client, worker } = askTwice({ idempotent: false });
    assert.deepEqual(client.frames().map(({ code, attempt }) => [code, attempt]), [[
      "CONFLICT",
      2,
    ]]);
    worker.frame(end("1"));
    assert.deepEqual(client.frames().at(-1), end("1"));
    assert.equal(worker.requests().length, 1);
  });
});
