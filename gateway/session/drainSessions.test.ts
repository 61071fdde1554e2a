import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLogger } from "../../common/logger.ts";
import type { GatewayMessage } from "../../common/schemas/gatewayMessages.ts";
import { until } from "../../tests/harness/until.ts";
import { createCatalog } from "../createCatalog.ts";
import { createConnection } from "./createConnection.ts";
import { createSessions } from "./createSessions.ts";
import { drainSessions } from "./drainSessions.ts";
import { createFakeCaller, createPeerNet, unwatched } from "./sessionFixture.ts";

const limits = {
  requestTimeoutMs: 60_000,
  maxPayloadBytes: 1_000,
  maxPending: 10,
  maxPendingTotal: 10,
  resumeMs: 60_000,
};

/** One gateway of a net, with clients that connect to it. */
const createTest = async (net: ReturnType<typeof createPeerNet>) => {
  const { caller, calls } = createFakeCaller();
  const catalog = createCatalog();
  const log = createLogger({ write: () => {} });
  const sessions = await createSessions({ bus: net.createBus(), caller, catalog, limits, log });

  /** A client that does as it is told, but comes back to nothing. */
  const connect = () => {
    const said: GatewayMessage[] = [];
    const client = { said, isConnected: true, ...{ session: "", token: "" } };
    const connection = createConnection({ sessions, limits, log, ...unwatched }, {
      send: (message) => void said.push(message),
      disconnect() {
        if (!client.isConnected) return;
        client.isConnected = false;
        connection.close({ forGood: false });
      },
    });
    const [welcome] = said;
    if (welcome?.kind !== "welcome") throw new Error("It did not say welcome first.");
    const say = (message: unknown) => connection.onPacket([message]);
    const ask = (id: string) => say({ kind: "request", id, type: "a.b", timeoutMs: 50_000 });
    const { session, token } = welcome;
    return Object.assign(client, { say, ask, session, token });
  };

  /** Drains, and notes when that was done. */
  const drain = (drainMs: number) => {
    const draining = { isDone: false, done: Promise.resolve(), ms: 0 };
    const since = performance.now();
    draining.done = drainSessions(sessions, drainMs).then(() => {
      draining.isDone = true;
      draining.ms = performance.now() - since;
    });
    return draining;
  };
  return { sessions, calls, connect, drain, catalog };
};

const withGateways = async (
  count: number,
  test: (gateways: Awaited<ReturnType<typeof createTest>>[]) => Promise<void>,
) => {
  const net = createPeerNet();
  const gateways = [];
  for (let n = 0; n < count; n++) gateways.push(await createTest(net));
  try {
    await test(gateways);
  } finally {
    for (const { sessions, catalog } of gateways) {
      catalog.close();
      await sessions.close();
    }
  }
};

describe("drainSessions", () => {
  it("is done at once where there is nothing, and sends clients elsewhere", () =>
    withGateways(1, async ([gateway]) => {
      const { connect, drain } = gateway!;
      const idle = connect();
      const { done } = drain(60_000);
      await done;
      assert.deepEqual(idle.said.slice(1), [{ kind: "goodbye" }]);
      assert.equal(idle.isConnected, false);
    }));

  it("keeps a client until it has all its answers, and has said so", () =>
    withGateways(1, async ([gateway]) => {
      const { connect, drain, calls, sessions } = gateway!;
      const [idle, busy] = [connect(), connect()];
      busy.ask("1");
      const draining = drain(60_000);
      await until(() => !idle.isConnected);
      assert.deepEqual([busy.isConnected, draining.isDone], [true, false]);
      calls[0]!.take({ kind: "end", id: calls[0]!.request.id, seq: 0, data: 7 });
      assert.deepEqual(busy.said.slice(1), [
        { kind: "goodbye" },
        { kind: "end", id: "1", seq: 0, data: 7 },
      ]);
      assert.equal(busy.isConnected, true);
      busy.say({ kind: "received", id: "1", seq: 1 });
      await draining.done;
      assert.equal(busy.isConnected, false);
      assert.ok([...sessions.all].every(({ isEmpty }) => isEmpty()));
    }));

  it("waits no longer than it may for an answer", () =>
    withGateways(1, async ([gateway]) => {
      const { connect, drain } = gateway!;
      const busy = connect();
      busy.ask("1");
      const draining = drain(30);
      await draining.done;
      assert.ok(draining.ms >= 30);
      assert.equal(busy.isConnected, true);
    }));

  it("waits a second for the word of a client that it has the answers", () =>
    withGateways(1, async ([gateway]) => {
      const { connect, drain, calls } = gateway!;
      const silent = connect();
      silent.ask("1");
      calls[0]!.take({ kind: "end", id: calls[0]!.request.id, seq: 0 });
      const draining = drain(60_000);
      await draining.done;
      assert.ok(draining.ms >= 1_000 && draining.ms < 10_000, `${draining.ms} ms`);
    }));

  it("lets another gateway relay what is still to come, after half of the time", () =>
    withGateways(2, async ([gateway, other]) => {
      const { connect, drain, calls, sessions } = gateway!;
      const busy = connect();
      busy.ask("1");
      const draining = drain(4_000);
      await until(() => !busy.isConnected);
      assert.equal(draining.isDone, false);
      const { session, token } = busy;
      const back = other!.connect();
      back.say({ kind: "resume", session, token, nth: 1, requests: [{ id: "1", seq: 0 }] });
      await until(() => back.said.some(({ kind }) => kind === "resumed"));
      calls[0]!.take({ kind: "end", id: calls[0]!.request.id, seq: 0, data: 7 });
      await until(() => back.said.some(({ kind }) => kind === "end"));
      back.say({ kind: "received", id: "1", seq: 1 });
      await draining.done;
      assert.deepEqual([...sessions.all], []);
      assert.ok(draining.ms >= 2_000);
    }));

  it("leaves what other gateways have of a client to them, be it on its way there or not", () =>
    withGateways(2, async ([gateway, other]) => {
      const first = other!.connect();
      first.ask("1");
      const { session, token } = first;
      const back = gateway!.connect();
      const requests = [{ id: "1", seq: 0 }];
      back.say({ kind: "resume", session, token, nth: 1, requests });
      await until(() => back.said.some(({ kind }) => kind === "resumed"));
      await gateway!.drain(60_000).done;
      await gateway!.sessions.close();
      assert.equal(back.isConnected, false);
      const [call] = other!.calls;
      assert.deepEqual(call!.told, []);
      const again = other!.connect();
      again.say({ kind: "resume", session, token, nth: 2, requests });
      call!.take({ kind: "end", id: call!.request.id, seq: 0, data: 7 });
      assert.deepEqual(again.said.filter(({ kind }) => kind === "end"), [
        { kind: "end", id: "1", seq: 0, data: 7 },
      ]);
    }));
});
