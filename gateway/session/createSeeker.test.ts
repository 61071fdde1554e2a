import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PeerMessageOf } from "../../common/schemas/peerMessages.ts";
import { createSeeker, type Found } from "./createSeeker.ts";
import type { Peers } from "./joinPeers.ts";

/** A seeker among so many other gateways, which say what the test says. */
const createTest = (size: number, { timeoutMs = 60_000, known = [""], isNew = false } = {}) => {
  const told: [unknown, string | undefined][] = [];
  const peers: Peers = {
    id: "here",
    size,
    isNew,
    tell: (message, to) => void told.push([message, to]),
    close: () => Promise.resolve(),
  };
  const seeker = createSeeker(peers, { timeoutMs });
  const found: Found[] = [];
  const seek = (...ids: string[]) =>
    seeker.seek(
      {
        ...{ session: "s", principal: { id: "p" }, nth: 3 },
        requests: ids.map((id, seq) => ({ id, seq })),
      },
      (one) => void found.push(one),
    );
  const answer = (from: string, ids: string[] = [], { held = ids.length > 0, nth = 3 } = {}) => {
    const message: PeerMessageOf<"found"> = { kind: "found", from, session: "s", nth, held, ids };
    seeker.onFound(message, {
      nth: () => 3,
      foreign: () => ({ has: (id) => known.includes(id) }),
    });
  };
  return { seek, answer, found, told, close: seeker.close };
};

describe("createSeeker", () => {
  it("asks all others for what is missing, in the name of its client", async () => {
    const { seek, told, close } = createTest(2);
    const sought = seek("a", "b");
    const requests = [{ id: "a", seq: 0 }, { id: "b", seq: 1 }];
    assert.deepEqual(told, [
      [{ kind: "seek", session: "s", principal: { id: "p" }, nth: 3, requests }, undefined],
    ]);
    close();
    assert.deepEqual((await sought).lost, ["a", "b"]);
  });

  it("waits for nobody where nothing is missing, but says so to all others", async () => {
    const { seek, told } = createTest(2);
    assert.deepEqual(await seek(), { gateways: [], lost: [] });
    assert.deepEqual(told, [
      [{ kind: "seek", session: "s", principal: { id: "p" }, nth: 3, requests: [] }, undefined],
    ]);
  });

  it("waits for those it does not know where it has just come itself", async () => {
    const { seek, answer } = createTest(0, { isNew: true });
    const sought = seek("a");
    answer("g2", ["a"]);
    assert.deepEqual(await sought, { gateways: ["g2"], lost: [] });
  });

  it("is done at once where there is nobody to ask", async () => {
    const { seek } = createTest(0);
    assert.deepEqual(await seek("a"), { gateways: [], lost: ["a"] });
  });

  it("is done as soon as everything was found, and says who had the session", async () => {
    const { seek, answer, found } = createTest(3);
    const sought = seek("a", "b");
    answer("g2", ["b"]);
    answer("g3", ["a"]);
    assert.deepEqual(await sought, { gateways: ["g2", "g3"], lost: [] });
    assert.deepEqual(found, [
      { from: "g2", held: [{ id: "b", seq: 1 }] },
      { from: "g3", held: [{ id: "a", seq: 0 }] },
    ]);
  });

  it("is done when all have answered, and gives what nobody has", async () => {
    const { seek, answer } = createTest(3);
    const sought = seek("a", "b");
    answer("g2");
    answer("g3", [], { held: true });
    answer("g4", ["a"]);
    assert.deepEqual(await sought, { gateways: ["g3", "g4"], lost: ["b"] });
  });

  it("does not wait for a gateway that stays silent", async () => {
    const { seek, answer } = createTest(2, { timeoutMs: 5 });
    const sought = seek("a", "b");
    answer("g2", ["a"]);
    assert.deepEqual(await sought, { gateways: ["g2"], lost: ["b"] });
  });

  it("has what is found too late cancelled: its client was told that it is lost", async () => {
    const { seek, answer, found, told } = createTest(1, { timeoutMs: 1 });
    assert.deepEqual((await seek("a")).lost, ["a"]);
    answer("g2", ["a"]);
    const seq = Number.MAX_SAFE_INTEGER;
    const messages = [{ kind: "cancel", id: "a" }, { kind: "received", id: "a", seq }];
    assert.deepEqual(told.slice(1), [[{ kind: "said", session: "s", messages }, "g2"]]);
    answer("g3", []);
    assert.deepEqual([told.length, found], [2, []]);
  });

  it("leaves alone what an earlier answer has told of: its client may have come twice", () => {
    const { answer, told } = createTest(1, { known: ["a"] });
    answer("g2", ["a"]);
    assert.deepEqual(told, []);
    answer("g2", ["a", "b"]);
    const seq = Number.MAX_SAFE_INTEGER;
    const messages = [{ kind: "cancel", id: "b" }, { kind: "received", id: "b", seq }];
    assert.deepEqual(told, [[{ kind: "said", session: "s", messages }, "g2"]]);
  });

  it("takes no answer to an earlier question for one to this", async () => {
    const { seek, answer, found, told } = createTest(1);
    const sought = seek("a");
    answer("g2", [], { nth: 2 });
    answer("g2", ["a"]);
    assert.deepEqual(await sought, { gateways: ["g2"], lost: [] });
    answer("g2", ["a", "b"], { nth: 2 });
    assert.deepEqual([found.length, told.length], [1, 1]);
  });

  it("ends when the client comes once more, or the gateway stops", async () => {
    const { seek, answer, close } = createTest(1);
    const first = seek("a");
    const second = seek("a", "b");
    assert.deepEqual(await first, { gateways: [], lost: ["a"] });
    answer("g2", ["a"]);
    close();
    assert.deepEqual(await second, { gateways: ["g2"], lost: ["b"] });
  });
});
