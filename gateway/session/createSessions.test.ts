import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLogger } from "../../common/logger.ts";
import type { Held } from "../../common/schemas/clientMessages.ts";
import type { GatewayMessage } from "../../common/schemas/gatewayMessages.ts";
import type { PeerMessage } from "../../common/schemas/peerMessages.ts";
import { until } from "../../tests/harness/until.ts";
import { createCatalog } from "../createCatalog.ts";
import { createConnection } from "./createConnection.ts";
import { createSessions } from "./createSessions.ts";
import { createFakeCaller, createPeerNet } from "./sessionFixture.ts";

const limits = {
  requestTimeoutMs: 60_000,
  maxPayloadBytes: 1_000,
  maxPending: 10,
  maxPendingTotal: 10,
  resumeMs: 60_000,
};

/** Rises with every resumption of the whole file, and so of every client. */
let nth = 0;

type Identity = { session: string; token: string };

/** A gateway of a net, and clients that connect to it. */
const createGateway = async (net: ReturnType<typeof createPeerNet>, id: string) => {
  const { caller, calls } = createFakeCaller();
  const catalog = createCatalog();
  const log = createLogger({ write: () => {} });
  const sessions = await createSessions({ bus: net.createBus(id), caller, catalog, limits, log });

  const connect = () => {
    const said: GatewayMessage[] = [];
    const connection = createConnection({
      ...{ sessions, catalog, limits, log },
      send: (message) => void said.push(message),
      disconnect: () => client.cut(),
    }, {});
    const [welcome] = said;
    if (welcome?.kind !== "welcome") throw new Error("It did not say welcome first.");
    const { session, token } = welcome;
    const say = (...messages: unknown[]) => connection.onPacket(messages);
    const client = {
      isConnected: true,
      identity: { session, token },
      say,
      ask: (id: string, payload?: unknown) =>
        say({ kind: "request", id, type: "a.b", timeoutMs: 50_000, payload }),
      resume: (identity: Identity, ...requests: Held[]) =>
        say({ kind: "resume", ...identity, nth: ++nth, requests }),
      cut() {
        if (client.isConnected) connection.close({ forGood: false });
        client.isConnected = false;
      },
      /** What came since the welcome, in short. */
      heard: () => said.slice(1).map((m) => "id" in m ? `${m.kind} ${m.id}` : m.kind),
      resumed: () => said.find((message) => message.kind === "resumed"),
    };
    return client;
  };
  const call = (n = 0) => {
    const one = calls[n]!;
    const { id } = one.request;
    return {
      ...one,
      chunk: (seq: number) => one.take({ kind: "chunk", id, seq }),
      end: (seq = 0) => one.take({ kind: "end", id, seq }),
    };
  };
  return { sessions, connect, calls, call, catalog };
};

/** Three gateways; what they say to each other may be held back. */
const withGateways = async (
  test: (given: {
    gateways: [Gateway, Gateway, Gateway];
    /** Holds back what matches from now on; the function it gives lets it go. */
    hold(matches: (message: PeerMessage, to: string) => boolean): () => void;
  }) => Promise<void>,
) => {
  const held: [PeerMessage, string][] = [];
  let matches = (_message: PeerMessage, _to: string): boolean => false;
  const net = createPeerNet((message, { to }) => {
    if (matches(message, to)) held.push([message, to]);
    else net.arrive(message, to);
  });
  const gateways: [Gateway, Gateway, Gateway] = [
    await createGateway(net, "g1"),
    await createGateway(net, "g2"),
    await createGateway(net, "g3"),
  ];
  const hold = (next: typeof matches) => {
    matches = next;
    return () => {
      matches = () => false;
      for (const [message, to] of held.splice(0)) net.arrive(message, to);
    };
  };
  try {
    await test({ gateways, hold });
  } finally {
    for (const { sessions, catalog } of gateways) {
      catalog.close();
      await sessions.close();
    }
  }
};
type Gateway = Awaited<ReturnType<typeof createGateway>>;

const sizes = (gateways: Gateway[]) => gateways.map(({ sessions }) => [...sessions.all].length);

describe("createSessions", () => {
  it("relays what another gateway has, and what is said about it, there and back again", () =>
    withGateways(async ({ gateways }) => {
      const [g1, g2, g3] = gateways;
      const first = g1.connect();
      first.ask("a");
      g1.call().chunk(0);
      first.cut();
      g1.call().chunk(1);
      const second = g2.connect();
      second.resume(first.identity, { id: "a", seq: 1 });
      await until(() => second.resumed() !== undefined);
      assert.deepEqual(second.resumed(), { kind: "resumed", gateways: ["g1"], lost: [] });
      g1.call().chunk(2);
      await until(() => second.heard().length === 3);
      second.say({ kind: "credit", id: "a", n: 5 });
      assert.deepEqual(g1.call().told, [5]);
      second.cut();
      const third = g1.connect();
      third.resume(first.identity, { id: "a", seq: 2, credit: 7 });
      await until(() => third.resumed() !== undefined);
      assert.deepEqual(g1.call().told, [5, 2]);
      third.cut();
      const fourth = g3.connect();
      fourth.resume(first.identity, { id: "a", seq: 3 });
      g1.call().end(3);
      await until(() => fourth.heard().includes("end a"));
      fourth.say({ kind: "received", id: "a", seq: 4 });
      assert.deepEqual([third.heard(), fourth.heard()], [
        ["chunk a", "resumed"],
        ["resumed", "end a"],
      ]);
      assert.deepEqual(sizes(gateways), [0, 0, 1]);
      fourth.cut();
    }));

  it("gives another gateway's client nothing for a secret that is not the session's", () =>
    withGateways(async ({ gateways: [g1, g2] }) => {
      const owner = g1.connect();
      owner.ask("a");
      const thief = g2.connect();
      const { session } = owner.identity;
      thief.resume({ session, token: thief.identity.token }, { id: "a", seq: 0 });
      await until(() => thief.resumed() !== undefined);
      g1.call().end();
      assert.deepEqual(thief.resumed(), { kind: "resumed", gateways: [], lost: ["a"] });
      assert.deepEqual([thief.heard(), owner.heard()], [["resumed"], ["end a"]]);
    }));

  it("ends at once what its client settled on its way to another gateway", () =>
    withGateways(async ({ gateways }) => {
      const [g1, g2] = gateways;
      const first = g1.connect();
      first.ask("a");
      first.cut();
      const second = g2.connect();
      second.resume(first.identity);
      await until(() => g1.call().told.length > 0);
      assert.deepEqual(sizes(gateways), [0, 1, 0]);
    }));

  it("keeps what a client says of a request that is being looked for", () =>
    withGateways(async ({ gateways: [g1, g2], hold }) => {
      const first = g1.connect();
      first.ask("a");
      first.ask("b");
      first.cut();
      const release = hold((message) => message.kind === "found");
      const second = g2.connect();
      second.resume(first.identity, { id: "a", seq: 0 }, { id: "b", seq: 0 });
      second.say({ kind: "credit", id: "a", n: 5 }, { kind: "cancel", id: "b", reason: "enough" });
      release();
      await until(() => second.resumed() !== undefined);
      assert.deepEqual([g1.call(0).told, g1.call(1).told], [[5], ["enough"]]);
    }));

  it("ends a session elsewhere though its client leaves while it is being looked for", () =>
    withGateways(({ gateways, hold }) => {
      const [g1, g2] = gateways;
      const first = g1.connect();
      first.ask("a");
      first.cut();
      const release = hold(() => true);
      g2.connect().resume(first.identity, { id: "a", seq: 0 });
      for (const connection of g2.sessions.connections) connection.close({ forGood: true });
      release();
      assert.match(String(g1.call().told), /the client is gone/);
      assert.deepEqual(sizes(gateways), [0, 0, 0]);
      return Promise.resolve();
    }));

  it("leaves nothing of a request that was found too late", () =>
    withGateways(async ({ gateways, hold }) => {
      const [g1, g2] = gateways;
      const first = g1.connect();
      first.ask("a");
      first.cut();
      const release = hold((message) => message.kind === "found");
      const second = g2.connect();
      second.resume(first.identity, { id: "a", seq: 0 });
      await until(() => second.resumed() !== undefined);
      assert.deepEqual(second.resumed(), { kind: "resumed", gateways: [], lost: ["a"] });
      release();
      assert.deepEqual([g1.call().told, sizes(gateways)], [["cancelled by the caller"], [0, 1, 0]]);
    }));

  it("cancels nothing that a client came for twice", () =>
    withGateways(async ({ gateways: [g1, g2], hold }) => {
      const first = g1.connect();
      first.ask("a");
      first.cut();
      const release = hold((message) => message.kind === "found");
      const second = g2.connect();
      second.resume(first.identity, { id: "a", seq: 0 });
      second.cut();
      const third = g2.connect();
      third.resume(first.identity, { id: "a", seq: 0 });
      release();
      await until(() => third.resumed() !== undefined);
      assert.deepEqual(g1.call().told, []);
      g1.call().end();
      await until(() => third.heard().includes("end a"));
    }));

  it("goes by the order in which the client came, not by that in which gateways hear of it", () =>
    withGateways(async ({ gateways: [g1, g2, g3], hold }) => {
      const first = g1.connect();
      first.ask("a");
      first.cut();
      const release = hold((message) => message.kind === "seek" && message.from === "g2");
      const second = g2.connect();
      second.resume(first.identity, { id: "a", seq: 0 });
      second.cut();
      const third = g3.connect();
      third.resume(first.identity, { id: "a", seq: 0 });
      await until(() => third.resumed() !== undefined);
      release();
      g1.call().end();
      await until(() => third.heard().includes("end a"));
      assert.equal(third.isConnected, true);
    }));

  it("takes nothing more from a connection whose client has gone on over another one", () =>
    withGateways(async ({ gateways }) => {
      const [g1, g2] = gateways;
      const first = g1.connect();
      const second = g2.connect();
      second.resume(first.identity, { id: "a", seq: 0 });
      await until(() => second.resumed() !== undefined);
      // It was on its way all the time; its client has sent it anew meanwhile.
      first.ask("a");
      second.ask("a");
      assert.deepEqual([g1.calls.length, g2.calls.length], [0, 1]);
      const third = g2.connect();
      third.resume(first.identity, { id: "a", seq: 0 });
      second.say({ kind: "cancel", id: "a" });
      assert.deepEqual(g2.call().told, []);
    }));

  it("sends no frame again to where the client is no longer", () =>
    withGateways(async ({ gateways: [g1, g2], hold }) => {
      const first = g1.connect();
      first.ask("a");
      g1.call().chunk(0);
      first.cut();
      const second = g2.connect();
      second.resume(first.identity, { id: "a", seq: 0 });
      await until(() => second.resumed() !== undefined);
      // One message is lost between the gateways.
      hold((message) => message.kind === "relayed");
      g1.call().chunk(1);
      await new Promise(setImmediate);
      const release = hold((message) => message.kind === "resend");
      g1.call().chunk(2);
      await new Promise(setImmediate);
      second.cut();
      const third = g1.connect();
      third.resume(first.identity, { id: "a", seq: 1 });
      await until(() => third.resumed() !== undefined);
      release();
      g1.call().end(3);
      assert.deepEqual(third.heard(), ["chunk a", "chunk a", "resumed", "end a"]);
    }));

  it("knows what never came to it, though nothing else of its client was there", () =>
    withGateways(async ({ gateways: [g1, g2] }) => {
      for (const gateway of [g1, g2]) {
        const first = g1.connect();
        first.cut();
        const second = gateway.connect();
        second.resume(first.identity, { id: "a", seq: 0 });
        await until(() => second.resumed() !== undefined);
        assert.deepEqual(second.resumed(), { kind: "resumed", gateways: ["g1"], lost: ["a"] });
      }
    }));

  it("tells a client what was lost with another gateway, and goes on", () =>
    withGateways(async ({ gateways: [g1, g2] }) => {
      const first = g1.connect();
      first.ask("a");
      first.cut();
      const second = g2.connect();
      second.resume(first.identity, { id: "a", seq: 0 });
      await until(() => second.resumed() !== undefined);
      await g1.sessions.close();
      assert.deepEqual(second.heard(), ["resumed", "resumed"]);
      second.ask("a");
      assert.equal(g2.calls.length, 1);
    }));

  it("ends a session everywhere when its client is gone for good", () =>
    withGateways(async ({ gateways }) => {
      const [g1, g2] = gateways;
      const first = g1.connect();
      first.ask("a");
      first.cut();
      const second = g2.connect();
      second.resume(first.identity, { id: "a", seq: 0 });
      second.ask("b");
      await until(() => second.resumed() !== undefined);
      for (const { sessions } of gateways) {
        for (const connection of sessions.connections) connection.close({ forGood: true });
      }
      assert.deepEqual([g1.call().told.length, g2.call().told.length], [1, 1]);
      assert.deepEqual(sizes(gateways), [0, 0, 0]);
    }));
});
