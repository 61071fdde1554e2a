import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BackendError } from "../common/errors.ts";
import type { ClientMessage } from "../common/schemas/clientMessages.ts";
import { DEFAULT_CREDIT } from "../common/schemas/limits.ts";
import { failureOf } from "../tests/harness/failureOf.ts";
import { until } from "../tests/harness/until.ts";
import { createFakeSocket } from "./fakeSocket.ts";
import { createMakeBackendRequest } from "./makeBackendRequest.ts";

/** Credit comes back in halves of the window. */
const HALF = DEFAULT_CREDIT / 2;

const createTest = (options?: Parameters<typeof createFakeSocket>[0]) => {
  const fake = createFakeSocket(options);
  const request = createMakeBackendRequest(fake.socket);
  const end = (id: string, data: unknown) => fake.arrive({ kind: "end", id, seq: 0, data });
  return { ...fake, request, end };
};

const requestsIn = (sent: ClientMessage[]) =>
  sent.flatMap((message) => message.kind === "request" ? [message] : []);

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

  it("keeps what the gateway has when the connection goes, and what waits", async () => {
    const { ready, lose, resuming, sent, request, arrive, end, underWay } = createTest();
    ready();
    const running = request("a.b");
    arrive({ kind: "started", id: running.id, worker: "w1" });
    lose("ping timeout");
    const waiting = request("a.b");
    assert.deepEqual(underWay(), [{ id: running.id, credit: 0 }]);
    lose("once more");
    resuming();
    assert.deepEqual(requestsIn(sent).map(({ id }) => id), [running.id]);
    ready("g1", { gateways: ["g1"], lost: new Set() });
    assert.deepEqual(requestsIn(sent).map(({ id }) => id), [running.id, waiting.id]);
    end(running.id, "first");
    end(waiting.id, "second");
    assert.deepEqual([await running, await waiting], ["first", "second"]);
    assert.deepEqual(underWay(), []);
  });

  const anew: [string, { gateways: string[] }, true | undefined][] = [
    ["as new where its gateway says that it never came", { gateways: ["g0", "g1"] }, undefined],
    ["as one that may run already where its gateway is gone", { gateways: ["g2"] }, true],
    ["as one that may run already where nobody knows", { gateways: [] }, true],
  ];
  for (const [sentence, { gateways }, again] of anew) {
    it(`sends what was lost once more, ${sentence}`, async () => {
      const { ready, lose, sent, request, end } = createTest();
      ready("g1");
      const [lost, held] = [request("a.b", { n: 1 }, { timeoutMs: 5_000 }), request("a.b")];
      lose();
      ready("g2", { gateways, lost: new Set([lost.id]) });
      const [first, , second, ...more] = requestsIn(sent);
      assert.deepEqual(more, []);
      const { timeoutMs, ...anew } = second!;
      const { timeoutMs: before, ...once } = first!;
      assert.deepEqual(anew, again ? { ...once, again } : once);
      assert.ok(timeoutMs! <= before!, "it has what is left of its time");
      // It is with the new gateway now.
      ready("g2", { gateways: ["g2"], lost: new Set([lost.id]) });
      assert.equal(requestsIn(sent).at(-1)?.again, undefined);
      end(lost.id, 1);
      end(held.id, 2);
      assert.deepEqual([await lost, await held], [1, 2]);
    });
  }

  it("sends again for what is left of the usual time, where its caller named none", async () => {
    const { ready, lose, sent, request, end } = createTest();
    ready("g1");
    const lost = request("a.b");
    lose();
    ready("g2", { gateways: [], lost: new Set([lost.id]) });
    const [first, second] = requestsIn(sent);
    assert.equal(first!.timeoutMs, undefined);
    assert.ok(second!.timeoutMs! <= 30_000, `${second!.timeoutMs}`);
    end(lost.id, 1);
    assert.equal(await lost, 1);
  });

  it("says all credit it has given, and that of the newest run alone where it was sent anew", async () => {
    const { ready, lose, resuming, request, arrive, underWay, sent } = createTest();
    ready();
    const stream = request("a.b");
    const read = (async () => {
      for await (const _ of stream);
    })();
    const chunks = (from: number, to: number) => {
      for (let seq = from; seq < to; seq++) {
        arrive({ kind: "chunk", id: stream.id, seq, data: seq });
      }
    };
    chunks(0, HALF);
    await until(() => underWay()[0]!.credit === HALF);
    lose();
    chunks(HALF, 2 * HALF);
    await until(() => underWay()[0]!.credit === 2 * HALF);
    resuming();
    ready("g2", { gateways: [], lost: new Set([stream.id]) });
    assert.deepEqual(underWay(), [{ id: stream.id, credit: 0 }]);
    chunks(0, 2 * HALF);
    arrive({ kind: "end", id: stream.id, seq: 2 * HALF });
    await read;
    const credits = sent.flatMap((message) => message.kind === "credit" ? [message.n] : []);
    assert.deepEqual(credits, [HALF, HALF, HALF]);
  });

  it("keeps new requests while the gateway stops, and still answers and cancels old ones", async () => {
    const { ready, leave, lose, sent, request, end } = createTest();
    ready();
    const [old, unwanted] = [request("a.b"), request("a.b")];
    leave();
    const next = request("a.b");
    unwanted.cancel();
    end(old.id, "answered");
    assert.equal(await old, "answered");
    assert.equal((await failureOf(unwanted)).code, "CANCELLED");
    assert.deepEqual(sent.map(({ kind }) => kind), ["request", "request", "cancel"]);
    lose("io server disconnect");
    ready("g2", { gateways: ["g1"], lost: new Set() });
    assert.equal(requestsIn(sent).at(-1)?.id, next.id);
    end(next.id, "by the next");
    assert.equal(await next, "by the next");
  });

  it("settles what is away at its deadline with CONNECTION_LOST, and says where it stood", async () => {
    const { ready, lose, resuming, request, arrive } = createTest();
    ready();
    const running = request("a.b", null, { timeoutMs: 20 });
    arrive({ kind: "started", id: running.id, worker: "w1" });
    lose("ping timeout");
    resuming();
    const error = await failureOf(running);
    assert.deepEqual([error.code, error.retryable], ["CONNECTION_LOST", true]);
    assert.deepEqual([error.where?.state, error.where?.worker], ["running", "w1"]);
    assert.match(error.message, /a\.b in time: there was no connection to http:\/\/gateway\.test/);
  });

  it("fails everything when it is closed or refused, and tries again with the next request", async () => {
    const { socket, ready, refuse, asked, request } = createTest();
    const unsent = request("a.b");
    socket.close();
    assert.equal((await failureOf(unsent)).code, "CONNECTION_LOST");
    ready();
    const sent = request("a.b");
    socket.close();
    assert.equal((await failureOf(sent)).code, "CONNECTION_LOST");
    const second = request("a.b");
    refuse({ code: "UNAUTHENTICATED", message: "A token!", retryable: false });
    const { code, message } = await failureOf(second);
    assert.deepEqual([code, message], ["UNAUTHENTICATED", "A token!"]);
    const before = asked.connects;
    const third = request("a.b");
    assert.ok(asked.connects > before);
    socket.close();
    assert.equal((await failureOf(third)).code, "CONNECTION_LOST");
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
