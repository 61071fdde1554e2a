import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { until } from "../../tests/harness/until.ts";
import { sizes, withGateways } from "./gatewaysFixture.ts";

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
      await until(() => fourth.heard().length === 2);
      fourth.say({ kind: "received", id: "a", seq: 4 });
      assert.deepEqual(third.heard(), ["chunk a", "resumed"]);
      assert.deepEqual(fourth.heard().sort(), ["end a", "resumed"]);
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
