import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GatewayMessage } from "../../common/schemas/gatewayMessages.ts";
import { until } from "../../tests/harness/until.ts";
import { announcement, entry, limits, withGateway } from "./connectionFixture.ts";

const resumed = ({ said }: { said: GatewayMessage[] }) =>
  until(() => said.some(({ kind }) => kind === "resumed"));

describe("createConnection", () => {
  it("says welcome first: who the client is, its secret, and what the gateway will take", () =>
    withGateway(({ connect }) => {
      const { said: [welcome, ...more] } = connect();
      assert.ok(welcome?.kind === "welcome");
      const { session, token, ...rest } = welcome;
      assert.match(rest.task, /^(deno task|bun run)$/);
      assert.deepEqual(rest, {
        kind: "welcome",
        gateway: "g1",
        timeoutMs: limits.requestTimeoutMs,
        maxPayloadBytes: limits.maxPayloadBytes,
        resumeMs: limits.resumeMs,
        task: rest.task,
      });
      assert.match(session, /^[\w-]{43}$/);
      assert.ok(token.length > 30 && !token.includes(session));
      assert.deepEqual(more, []);
    }));

  it("starts requests in its own name, and gives each the time of caller, handler or setting", () =>
    withGateway(({ connect, calls, catalog }) => {
      const { ask, busId, said } = connect();
      catalog.onAnnouncement(announcement);
      ask("1", { timeoutMs: 5, payload: { n: 1 }, credit: 2, chunks: true, trace: "t" });
      ask("2", { type: "a.slow" });
      ask("3");
      const times = calls.map(({ request }) => request.timeoutMs);
      assert.deepEqual(times, [5, 90_000, 30_000]);
      assert.deepEqual(calls.map(({ request }) => request.idempotent), [
        undefined,
        false,
        undefined,
      ]);
      const { idempotent: _, ...first } = calls[0]!.request;
      assert.deepEqual(first, {
        id: busId("1"),
        type: "a.fast",
        payload: { n: 1 },
        timeoutMs: 5,
        credit: 2,
        chunks: true,
        attempt: 1,
        principal: { id: "token" },
        trace: "t",
      });
      // What its client does not know: its own, and the usual, it does.
      assert.deepEqual(said.slice(1), [{ kind: "accepted", id: "2", timeoutMs: 90_000 }]);
    }));

  it("passes frames on under the client's id, and what the client says to its own requests", () =>
    withGateway(({ connect, calls }) => {
      const { ask, busId, onPacket, heard } = connect();
      ask("1", { timeoutMs: 5 });
      calls[0]!.take({ kind: "chunk", id: busId("1"), seq: 0, data: 7 });
      onPacket([{ kind: "credit", id: "1", n: 4 }, { kind: "credit", id: "2", n: 4 }]);
      onPacket([{ kind: "cancel", id: "1", reason: "enough" }, { kind: "cancel", id: "1" }]);
      assert.deepEqual(calls[0]!.told, [4, "enough"]);
      assert.deepEqual(heard(), ["chunk 1", "error 1"]);
    }));

  it("gives a second, same request the frames of the first, which runs once", () =>
    withGateway(({ connect, calls }) => {
      const { ask, busId, heard } = connect();
      ask("1", { timeoutMs: 5, payload: { n: [1] } });
      calls[0]!.take({ kind: "started", id: busId("1"), worker: "w1" });
      ask("1", { timeoutMs: 4, payload: { n: [1] } });
      calls[0]!.take({ kind: "end", id: busId("1"), seq: 0, data: 7 });
      ask("1", { payload: { n: [1] } });
      assert.equal(calls.length, 1);
      assert.deepEqual(heard(), ["started 1", "end 1"]);
    }));

  it("refuses another request under an id that is known, while it runs and afterwards", () =>
    withGateway(({ connect, calls }) => {
      const { ask, busId, errors, onPacket } = connect();
      ask("1", { timeoutMs: 5, payload: { n: 1 } });
      ask("1", { timeoutMs: 5, payload: { n: 2 } });
      ask("1", { timeoutMs: 5, payload: { n: 1 }, type: "a.other" });
      assert.deepEqual(errors(), [["1", "CONFLICT"], ["1", "CONFLICT"]]);
      calls[0]!.take({ kind: "end", id: busId("1"), seq: 0 });
      onPacket([{ kind: "received", id: "1", seq: 1 }]);
      ask("1", { timeoutMs: 5, payload: { n: 1 } });
      assert.deepEqual(errors().slice(2), [["1", "CONFLICT"]]);
      assert.equal(calls.length, 1);
    }));

  it("keeps another client's same id apart", () =>
    withGateway(({ connect, calls }) => {
      const [one, two] = [connect(), connect()];
      one.ask("1", { timeoutMs: 5 });
      two.ask("1", { timeoutMs: 5, payload: "other" });
      two.onPacket([{ kind: "cancel", id: "1" }]);
      assert.deepEqual(calls.map(({ request }) => request.id), [one.busId("1"), two.busId("1")]);
      assert.deepEqual([one.errors(), two.errors()], [[], [["1", "CANCELLED"]]]);
      assert.deepEqual(calls.map(({ isOver }) => isOver), [false, true]);
    }));

  it("refuses what is too large, unsendable or too much, and starts none of it", () =>
    withGateway(({ connect, calls }) => {
      const { ask, busId, errors } = connect();
      ask("1");
      ask("big", { payload: "x".repeat(1_000) });
      ask("odd", { payload: JSON.parse('{"__proto__":1}') });
      for (const id of ["2", "3", "4"]) ask(id);
      calls[1]!.take({ kind: "end", id: busId("2"), seq: 0 });
      ask("5");
      assert.deepEqual(errors(), [
        ["big", "TOO_LARGE"],
        ["odd", "INVALID_REQUEST"],
        ["4", "OVERLOADED"],
      ]);
      assert.deepEqual(calls.map(({ request }) => request.id), ["1", "2", "3", "5"].map(busId));
    }));

  it("refuses more than the whole gateway takes", () =>
    withGateway(({ connect }) => {
      const { ask, errors } = connect();
      ask("1");
      assert.deepEqual(errors(), [["1", "OVERLOADED"]]);
    }, { pending: 10 }));

  it("runs a request again only where it may, and stops what ran for the gateway that is gone", () =>
    withGateway(({ connect, calls, stopped, catalog }) => {
      const fast = { ...entry, type: "a.fast", idempotent: true };
      const plugins = [{ name: "a", handlers: [...announcement.plugins[0]!.handlers, fast] }];
      catalog.onAnnouncement({ ...announcement, plugins });
      const { ask, errors, busId } = connect();
      ask("1", { type: "a.slow", again: true });
      assert.deepEqual(errors(), [["1", "CONNECTION_LOST"]]);
      assert.deepEqual([calls, stopped], [[], [busId("1")]]);
      ask("2", { again: true });
      const [call] = calls;
      assert.deepEqual(stopped, [busId("1"), busId("2")]);
      assert.deepEqual([call?.request.attempt, call?.request.idempotent], [2, true]);
      assert.notEqual(call?.request.id, busId("2"));
      assert.match(call!.request.id, /:2$/);
    }));

  it("keeps what its client asked for when it is lost, and sends all that was missed", () =>
    withGateway(async ({ connect, calls, sessions }) => {
      const one = connect();
      one.ask("1");
      one.ask("2");
      const [first, second] = calls;
      first!.take({ kind: "chunk", id: one.busId("1"), seq: 0, data: 0 });
      one.close({ forGood: false });
      first!.take({ kind: "chunk", id: one.busId("1"), seq: 1, data: 1 });
      first!.take({ kind: "end", id: one.busId("1"), seq: 2 });
      assert.deepEqual(calls.map(({ told }) => told), [[], []]);
      const two = connect();
      const { session, token } = one.welcome;
      // The second was settled by the caller meanwhile; the third never came.
      const requests = [{ id: "1", seq: 1 }, { id: "3", seq: 0 }];
      two.onPacket([{ kind: "resume", session, token, nth: 1, requests }]);
      await resumed(two);
      assert.deepEqual(two.said.slice(1), [
        { kind: "chunk", id: "1", seq: 1, data: 1 },
        { kind: "end", id: "1", seq: 2 },
        { kind: "resumed", gateways: ["g1"], lost: ["3"] },
      ]);
      assert.equal(second!.told.length, 1);
      assert.deepEqual([...sessions.all].map(({ id }) => id), [session]);
    }));

  it("leaves the connection that a session was on before to itself", () =>
    withGateway(async ({ connect, calls }) => {
      const one = connect();
      one.ask("1");
      const two = connect();
      const { session, token } = one.welcome;
      two.onPacket([{ kind: "resume", session, token, nth: 1, requests: [{ id: "1", seq: 0 }] }]);
      await resumed(two);
      assert.equal(one.disconnects, 1);
      calls[0]!.take({ kind: "end", id: one.busId("1"), seq: 0 });
      one.close({ forGood: true });
      assert.deepEqual([one.heard(), two.heard()], [[], ["resumed", "end 1"]]);
    }));

  it("gives nothing to whoever has no right to a session", () =>
    withGateway(async ({ connect, calls }) => {
      const one = connect();
      one.ask("1");
      const { session, token } = one.welcome;
      const requests = [{ id: "1", seq: 0 }];
      const thief = connect();
      thief.onPacket([{ kind: "resume", session, token: thief.welcome.token, nth: 1, requests }]);
      const other = connect({ id: "somebody else" });
      other.onPacket([{ kind: "resume", session, token, nth: 1, requests }]);
      await Promise.all([thief, other].map(resumed));
      calls[0]!.take({ kind: "end", id: one.busId("1"), seq: 0 });
      for (const { said } of [thief, other]) {
        assert.deepEqual(said.slice(1), [{ kind: "resumed", gateways: [], lost: ["1"] }]);
      }
      assert.deepEqual(one.heard(), ["end 1"]);
    }));

  it("cancels what its client asked for, and tells it of no catalog, once it is gone for good", () =>
    withGateway(({ connect, calls, catalog, sessions }) => {
      const { onPacket, said, ask, close } = connect();
      onPacket([{ kind: "watch" }, { kind: "watch" }]);
      catalog.onAnnouncement(announcement);
      assert.equal(said.filter(({ kind }) => kind === "catalog").length, 3);
      ask("1");
      ask("2");
      close({ forGood: true });
      catalog.onAnnouncement({ ...announcement, goodbye: true });
      assert.equal(said.filter(({ kind }) => kind === "catalog").length, 3);
      for (const { told } of calls) assert.match(String(told), /the client is gone/);
      assert.deepEqual([[...sessions.all], sessions.connections.size], [[], 0]);
    }));

  it("tells who watches of status and log lines, until it does not, or is gone", () =>
    withGateway(async ({ connect, log }) => {
      const [one, two] = [connect(), connect()];
      const count = ({ said }: typeof one, topic: string) =>
        said.filter((message) => message.kind === "told" && message.topic === topic).length;
      for (const topic of ["status", "records"]) {
        for (const { onPacket } of [one, two]) onPacket([{ kind: "watch", topic }]);
      }
      await until(() => count(one, "status") === 1 && count(two, "status") === 1);
      assert.deepEqual([count(one, "records"), count(two, "records")], [1, 1]);
      one.onPacket([{ kind: "unwatch", topic: "records" }, { kind: "unwatch", topic: "catalog" }]);
      log.info("something happened");
      await until(() => count(two, "records") === 2);
      two.close({ forGood: false });
      log.info("something else happened");
      one.onPacket([{ kind: "watch", topic: "records" }]);
      log.info("and one more");
      await until(() => count(one, "records") === 3);
      assert.deepEqual([count(one, "status"), count(two, "records")], [1, 2]);
    }));

  it("says goodbye when the gateway stops", () =>
    withGateway(({ connect }) => {
      const { leave, heard } = connect();
      leave();
      assert.deepEqual(heard(), ["goodbye"]);
    }));
});
