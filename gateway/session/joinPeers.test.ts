import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PeerMessage } from "../../common/schemas/peerMessages.ts";
import { until } from "../../tests/harness/until.ts";
import { joinPeers, type Peers, type PeersOptions } from "./joinPeers.ts";
import { createPeerNet } from "./sessionFixture.ts";

type Joined = Peers & { heard: PeerMessage[]; gone: string[] };

/** A net without gateways, and a way to join it; all that joined leave at the end. */
const withNet = async (
  test: (
    net: ReturnType<typeof createPeerNet> & {
      join(id: string, options?: Partial<PeersOptions>): Promise<Joined>;
    },
  ) => void | Promise<void>,
) => {
  const net = createPeerNet();
  const all: Peers[] = [];
  const join = async (id: string, options: Partial<PeersOptions> = {}) => {
    const heard: PeerMessage[] = [];
    const gone: string[] = [];
    const peers = await joinPeers({
      bus: net.createBus(id),
      onMessage: (message) => void heard.push(message),
      onGone: (peer) => void gone.push(peer),
      ...options,
    });
    all.push(peers);
    // Not by spreading: its size changes.
    return Object.assign(Object.create(peers), { heard, gone });
  };
  try {
    await test({ ...net, join });
  } finally {
    for (const peers of all) await peers.close();
  }
};
const left = (from: string) => ({ kind: "left" as const, from, session: "s".repeat(43) });

describe("joinPeers", () => {
  it("makes gateways known to each other, whoever came first, and no one to itself", () =>
    withNet(async ({ join }) => {
      const one = await join("1");
      assert.deepEqual([one.id, one.size], ["1", 0]);
      const two = await join("2");
      const three = await join("3");
      assert.deepEqual([one, two, three].map(({ size }) => size), [2, 2, 2]);
    }));

  it("is new while others may be there that could not answer yet", () =>
    withNet(async ({ createBus, join }) => {
      let time = 0;
      const bus = createBus("1", { answerMs: 1_000 });
      const one = await join("1", { bus, now: () => time });
      assert.equal(one.isNew, true);
      time = 1_000;
      assert.equal(one.isNew, false);
    }));

  it("says something to one gateway or to all others, in its own name", () =>
    withNet(async ({ join, arrive }) => {
      const [one, two, three] = [await join("1"), await join("2"), await join("3")];
      const { from: _, ...message } = left("1");
      one.tell(message, "2");
      one.tell(message);
      // What an engine delivers to its own sender too.
      arrive(left("1"), "1");
      assert.deepEqual([one, two, three].map(({ heard }) => heard), [
        [],
        [left("1"), left("1")],
        [left("1")],
      ]);
    }));

  it("forgets a gateway that leaves, and tells of it once", () =>
    withNet(async ({ join, arrive }) => {
      const [one, two] = [await join("1"), await join("2")];
      await two.close();
      arrive({ kind: "bye", from: "2" }, "1");
      assert.deepEqual([one.size, one.gone, one.heard], [0, ["2"], []]);
    }));

  it("forgets a gateway that has been silent for 15 seconds, and knows it again when it speaks", () =>
    withNet(async ({ join, arrive }) => {
      let time = 0;
      const one = await join("1", { now: () => time, helloMs: 2 });
      arrive({ kind: "hello", from: "2" }, "1");
      time = 10_000;
      arrive(left("3"), "1");
      time = 15_000;
      await join("4");
      assert.deepEqual([one.size, one.gone], [3, []]);
      time = 15_001;
      await until(() => one.gone.length > 0);
      assert.deepEqual([one.size, one.gone], [2, ["2"]]);
      arrive(left("2"), "1");
      assert.deepEqual([one.size, one.heard.length], [3, 2]);
    }));

  it("says again and again that it is there", () =>
    withNet(async ({ join, said }) => {
      await join("1", { helloMs: 2 });
      const hellos = () =>
        said.filter(({ message, to }) => message.kind === "hello" && to === undefined).length;
      await until(() => hellos() >= 4);
      assert.ok(said.every(({ message }) => message.from === "1"));
    }));

  it("hears nothing before it has joined", () =>
    withNet(async ({ join, createBus }) => {
      const bus = createBus("1");
      const one = await join("1", {
        bus: {
          ...bus,
          openPeer({ onMessage }) {
            onMessage(left("2"));
            return bus.openPeer({ onMessage });
          },
        },
      });
      assert.deepEqual([one.heard, one.size], [[], 0]);
    }));
});
