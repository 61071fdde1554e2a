import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { until } from "../../tests/harness/until.ts";
import type { ClientMessage } from "../../common/schemas/clientMessages.ts";
import { withGateway } from "./connectionFixture.ts";

const say = (to: { onPacket(packet: unknown): void }, message: ClientMessage): void =>
  to.onPacket([message]);

describe("createConnection, when its client resumes", () => {
  it("resumes a session only as the first thing its client says", () =>
    withGateway(({ connect, calls, sessions }) => {
      const one = connect();
      one.ask("1");
      const { session, token } = one.welcome;
      say(one, { kind: "resume", session, token, nth: 1, requests: [] });
      one.ask("2");
      assert.deepEqual(calls.map(({ told }) => told), [[], []]);
      one.close({ forGood: true });
      assert.deepEqual(calls.map(({ told }) => told.length), [1, 1]);
      assert.deepEqual([...sessions.all], []);
    }));

  it("goes on with a client's present session when that is resumed at once", () =>
    withGateway(({ connect, calls, sessions }) => {
      const one = connect();
      const { session, token } = one.welcome;
      say(one, { kind: "resume", session, token, nth: 1, requests: [] });
      one.ask("1");
      one.close({ forGood: true });
      assert.deepEqual(calls.map(({ told }) => told.length), [1]);
      assert.deepEqual([...sessions.all], []);
    }));

  it("does not say of a request that is over that it never came", () =>
    withGateway(async ({ connect, calls }) => {
      const one = connect();
      one.ask("1");
      calls[0]!.take({ kind: "end", id: one.busId("1"), seq: 0, data: 7 });
      say(one, { kind: "received", id: "1", seq: 1 });
      one.close({ forGood: false });
      const two = connect();
      const { session, token } = one.welcome;
      say(two, { kind: "resume", session, token, nth: 1, requests: [{ id: "1", seq: 0 }] });
      await until(() => two.said.some(({ kind }) => kind === "resumed"));
      assert.deepEqual(two.errors(), [["1", "STREAM_BROKEN"]]);
      const resumed = two.said.find((message) => message.kind === "resumed");
      assert.deepEqual(resumed?.kind === "resumed" && resumed.lost, []);
      assert.equal(calls.length, 1);
    }));
});
