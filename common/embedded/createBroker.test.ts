import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cancel, createBrokerFixture, end } from "./brokerFixture.ts";

describe("createBroker", () => {
  it("answers NO_HANDLER while nobody has ever served a type, and keeps requests after that", () => {
    const { join } = createBrokerFixture();
    const [client, worker] = [join(), join()];
    client.request("early");
    assert.equal(client.frames()[0]?.code, "NO_HANDLER");
    worker.serve();
    worker.lost();
    client.request("late");
    const next = join();
    next.serve();
    assert.deepEqual(next.requests().map(({ id }) => id), ["late"]);
  });

  it("gives frames to whoever asked, and to nobody once the request has settled", () => {
    const { join } = createBrokerFixture();
    const [client, other, worker, stranger] = [join(), join(), join(), join()];
    worker.serve();
    client.request("1");
    stranger.frame(end("1"));
    worker.frame({ kind: "chunk", id: "1", seq: 0 });
    worker.frame(end("1"));
    worker.frame(end("1"));
    assert.deepEqual(client.frames().map(({ kind }) => kind), ["chunk", "end"]);
    assert.deepEqual(other.heard, []);
  });

  it("tells a worker the time that is left, and never starts what is late or cancelled", () => {
    const { clock, join } = createBrokerFixture();
    const [client, worker] = [join(), join()];
    worker.serve();
    for (const id of ["runs", "late", "cancelled", "waits"]) {
      client.request(id, id === "late" ? 50 : 1_000);
    }
    client.control(cancel("cancelled"));
    clock.now = 400.5;
    worker.frame(end("runs"));
    const told = worker.requests().map(({ id, timeoutMs }) => [id, timeoutMs]);
    assert.deepEqual(told, [["runs", 1_000], ["waits", 600]]);
    client.control(cancel("waits"));
    assert.deepEqual(worker.controls(), [cancel("waits")]);
  });

  it("keeps a worker's places though an id is used again while its first request still runs", () => {
    const { join } = createBrokerFixture();
    const [client, worker] = [join(), join()];
    worker.serve(2);
    client.request("same");
    client.control(cancel("same"));
    client.request("same");
    const delivered = worker.requests().length;
    for (let i = 0; i < delivered; i++) worker.frame({ kind: "error", id: "same" });
    client.request("a");
    client.request("b");
    assert.deepEqual(worker.requests().slice(delivered).map(({ id }) => id), ["a", "b"]);
  });

  it("tells watchers who is there, who comes and who is gone", () => {
    const { join } = createBrokerFixture();
    const [watcher, one, two] = [join(), join(), join()];
    const announce = (member: typeof one, name: string) =>
      member.say({
        op: "announce",
        announcement: { worker: "w1", plugins: [{ name, handlers: [] }], broken: [] },
      });
    announce(one, "math");
    watcher.say({ op: "watch" });
    announce(two, "text");
    one.lost();
    two.lost();
    const heard = watcher.heard.map(({ announcement }) =>
      announcement as { goodbye?: boolean; plugins: { name: string }[] }
    );
    assert.deepEqual(heard.map(({ plugins }) => plugins.map(({ name }) => name)), [
      ["math"],
      ["math", "text"], // The members of one worker are one.
      ["text"],
      [],
    ]);
    assert.deepEqual(heard.map(({ goodbye }) => goodbye), [undefined, undefined, undefined, true]);
  });

  it("logs nonsense, and goes on", () => {
    const { join, lines } = createBrokerFixture();
    const client = join();
    for (const nonsense of [null, 7, {}, { op: "frame" }, { op: "serve", type: 1 }]) {
      client.say(nonsense);
    }
    assert.equal(lines.length, 5);
    client.request("1");
    assert.equal(client.frames().length, 1);
  });
});
