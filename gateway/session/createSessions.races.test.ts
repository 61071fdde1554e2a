import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { until } from "../../tests/harness/until.ts";
import { sizes, withGateways } from "./gatewaysFixture.ts";

describe("createSessions, when gateways hear of things late", () => {
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
});
