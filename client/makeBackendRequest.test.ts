import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BackendError } from "../common/errors.ts";
import { failureOf } from "../tests/harness/failureOf.ts";
import { createFakeSocket } from "./fakeSocket.ts";
import { createMakeBackendRequest } from "./makeBackendRequest.ts";

const createTest = (options?: Parameters<typeof createFakeSocket>[0]) => {
  const fake = createFakeSocket(options);
  const request = createMakeBackendRequest(fake.socket);
  const end = (id: string, data: unknown) => fake.arrive({ kind: "end", id, seq: 0, data });
  return { ...fake, request, end };
};

describe("createMakeBackendRequest", () => {
  it("connects on the first request, and sends what waited once it is ready", async () => {
    const { asked, sent, ready, request, end } = createTest();
    assert.equal(asked.connects, 0);
    const [one, two] = [request("a.b", { n: 1 }), request("a.c", null, { timeoutMs: 5_000 })];
    assert.deepEqual([asked.connects > 0, sent], [true, []]);
    ready();
    assert.deepEqual(sent.map((message) => "id" in message && message.id), [one.id, two.id]);
    const [first, second] = sent;
    assert.ok(first?.kind === "request" && second?.kind === "request");
    assert.deepEqual([first.type, first.payload, first.timeoutMs], ["a.b", { n: 1 }, undefined]);
    assert.ok(second.timeoutMs! <= 5_000, "its time began when it was made");
    end(two.id, "second");
    end(one.id, "first");
    assert.deepEqual([await one, await two], ["first", "second"]);
  });

  it("fails what the gateway has when the connection goes, and keeps what waits", async () => {
    const { ready, lose, sent, request, arrive, end } = createTest();
    ready();
    const running = request("a.b");
    arrive({ kind: "started", id: running.id, worker: "w1" });
    lose("ping timeout");
    const waiting = request("a.b");
    const error = await failureOf(running);
    assert.deepEqual([error.code, error.retryable], ["CONNECTION_LOST", true]);
    assert.deepEqual([error.where?.state, error.where?.worker], ["running", "w1"]);
    assert.match(error.message, /http:\/\/gateway\.test was lost \(ping timeout\) before a\.b/);
    lose("once more");
    ready();
    assert.equal(sent.filter(({ kind }) => kind === "request").length, 2);
    end(waiting.id, 1);
    assert.equal(await waiting, 1);
  });

  it("fails everything when it is closed or refused, and tries again with the next request", async () => {
    const { socket, ready, refuse, asked, request } = createTest();
    const unsent = request("a.b");
    socket.close();
    assert.equal((await failureOf(unsent)).code, "CONNECTION_LOST");
    const second = request("a.b");
    refuse({ code: "UNAUTHENTICATED", message: "A token!", retryable: false });
    const { code, message } = await failureOf(second);
    assert.deepEqual([code, message], ["UNAUTHENTICATED", "A token!"]);
    const before = asked.connects;
    request("a.b").catch(() => {});
    assert.ok(asked.connects > before);
    ready();
    socket.close();
  });

  it("never sends a request that was cancelled before it could go, in whichever way", async () => {
    const { ready, sent, request } = createTest();
    const waiting = request("a.b");
    waiting.cancel("changed my mind");
    ready();
    const aborted = request("a.b", null, { signal: AbortSignal.abort() });
    for (const one of [waiting, aborted]) assert.equal((await failureOf(one)).code, "CANCELLED");
    assert.deepEqual(sent, []);
  });

  it("tells the gateway once when what it has is cancelled, in few words", async () => {
    const { ready, sent, request, end } = createTest();
    ready();
    const one = request("a.b");
    one.cancel("x".repeat(500));
    one.cancel();
    end(one.id, "too late");
    assert.equal((await failureOf(one)).code, "CANCELLED");
    const cancels = sent.filter((message) => message.kind === "cancel");
    assert.deepEqual(cancels, [{ kind: "cancel", id: one.id, reason: "x".repeat(200) }]);
  });

  it("settles by itself when there is no connection within the time", async () => {
    const { request } = createTest();
    const error = await failureOf(request("a.b", null, { timeoutMs: 2 }));
    assert.deepEqual([error.code, error.where?.state], ["TIMEOUT", "unsent"]);
    assert.match(error.message, /no connection to http:\/\/gateway\.test/);
  });

  it("settles by itself, within a second of the deadline, when the gateway never answers", async () => {
    const { ready, request } = createTest();
    ready();
    const startedAt = performance.now();
    const error = await failureOf(request("a.b", null, { timeoutMs: 10 }));
    assert.deepEqual([error.code, error.where?.state], ["TIMEOUT", "sent"]);
    assert.ok(performance.now() - startedAt > 10, "the gateway's own answer comes first");
  });

  const wrong: [string, unknown, { timeoutMs?: number }, RegExp][] = [
    ["no-type", null, {}, /"plugin\.handler".*Got "no-type"/],
    ["a.b", { when: NaN }, {}, /NaN cannot be sent \(at when\)/],
    ["a.b", null, { timeoutMs: 0 }, /Got 0\./],
    ["a.b", null, { timeoutMs: NaN }, /Got /],
  ];
  for (const [type, payload, options, message] of wrong) {
    it(`refuses at once, unsent: ${type} ${String(message)}`, async () => {
      const { ready, sent, request } = createTest();
      ready();
      const error = await failureOf(request(type, payload, options));
      assert.ok(error instanceof BackendError && error.code === "INVALID_REQUEST");
      assert.match(error.message, message);
      assert.deepEqual(sent, []);
    });
  }

  it("refuses a payload over the gateway's limit without sending it", async () => {
    const { ready, sent, request } = createTest({ maxPayloadBytes: 100 });
    ready();
    assert.equal((await failureOf(request("a.b", "x".repeat(100)))).code, "TOO_LARGE");
    assert.deepEqual(sent, []);
  });
});
