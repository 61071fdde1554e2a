import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Frame } from "../../common/schemas/frames.ts";
import { createForeign } from "./createForeign.ts";
import type { Placed } from "./replay.ts";
import type { Peers } from "./joinPeers.ts";

/** The list of session `s`, and what it said to other gateways. */
const createTest = () => {
  const told: [unknown, string | undefined][] = [];
  const peers: Peers = {
    id: "here",
    size: 2,
    isNew: false,
    tell: (message, to) => void told.push([message, to]),
    close: () => Promise.resolve(),
  };
  return { ...createForeign("s", peers), told };
};
const frame = (id: string): Frame => ({ kind: "chunk", id, seq: 0 });
const at = (id: string, ...places: number[]): Placed[] =>
  places.map((index) => ({ index, frame: frame(id) }));
const end = (id: string, index: number): Placed => ({ index, frame: { kind: "end", id, seq: 0 } });
const places = (taken: Placed[]) => taken.map(({ index }) => index);

describe("createForeign", () => {
  it("takes each frame once, from where the client stood", () => {
    const { add, take } = createTest();
    add("g2", [{ id: "a", seq: 2 }]);
    assert.deepEqual(places(take("g2", at("a", 0, 1, 2, 3))), [2, 3]);
    assert.deepEqual(places(take("g2", at("a", 2, 3, 4))), [4]);
  });

  it("takes nothing of a request that it does not know, or from a gateway that has it not", () => {
    const { add, take } = createTest();
    add("g2", [{ id: "a", seq: 0 }]);
    assert.deepEqual([take("g2", at("b", 0)), take("g3", at("a", 0))], [[], []]);
  });

  it("takes nothing after a missing frame, and asks for it once until it comes", () => {
    const { add, take, told } = createTest();
    add("g2", [{ id: "a", seq: 0 }]);
    assert.deepEqual(places(take("g2", at("a", 0, 2, 3))), [0]);
    assert.deepEqual(take("g2", at("a", 4)), []);
    const request = { id: "a", seq: 1 };
    assert.deepEqual(told, [[{ kind: "resend", session: "s", request }, "g2"]]);
    assert.deepEqual(places(take("g2", at("a", 1, 2, 3, 4))), [1, 2, 3, 4]);
    assert.deepEqual(take("g2", at("a", 6)), []);
    assert.equal(told.length, 2);
  });

  it("passes on what the client says to whoever has the request, and to nobody else", () => {
    const { add, say, told } = createTest();
    add("g2", [{ id: "a", seq: 0 }, { id: "b", seq: 0 }]);
    add("g3", [{ id: "c", seq: 0 }]);
    const cancel = (id: string) => ({ kind: "cancel" as const, id });
    const credit = { kind: "credit" as const, id: "b", n: 2 };
    say([cancel("a"), cancel("unknown"), cancel("c"), credit]);
    assert.deepEqual(told, [
      [{ kind: "said", session: "s", messages: [cancel("a"), credit] }, "g2"],
      [{ kind: "said", session: "s", messages: [cancel("c")] }, "g3"],
    ]);
  });

  it("passes on what was said while a request was looked for, once it is found", () => {
    const { add, say, seek, giveUp, told } = createTest();
    const cancel = (id: string) => ({ kind: "cancel" as const, id });
    seek(["a", "b", "c"]);
    say([cancel("a"), cancel("b"), cancel("unsought")]);
    say([{ kind: "credit", id: "a", n: 2 }]);
    assert.deepEqual(told, []);
    add("g2", [{ id: "a", seq: 0 }, { id: "c", seq: 0 }]);
    const messages = [cancel("a"), { kind: "credit", id: "a", n: 2 }];
    assert.deepEqual(told, [[{ kind: "said", session: "s", messages }, "g2"]]);
    giveUp();
    say([cancel("b")]);
    add("g3", [{ id: "b", seq: 0 }]);
    assert.equal(told.length, 1);
  });

  it("forgets a request once its client has all of it, and not before", () => {
    const { add, take, say, has, told, ...foreign } = createTest();
    add("g2", [{ id: "a", seq: 0 }]);
    const received = (seq: number) => say([{ kind: "received", id: "a", seq }]);
    take("g2", at("a", 0, 1));
    received(2);
    assert.ok(has("a"), "there is more to come");
    take("g2", [end("a", 2)]);
    assert.ok(has("a"), "its end may be on its way");
    received(3);
    assert.deepEqual([has("a"), told.length], [false, 2]);
    assert.deepEqual(take("g2", [end("a", 2)]), []);
    assert.deepEqual([...foreign.clear()], []);
  });

  it("gives what a gateway had that is gone, and the gateways there are when all is over", () => {
    const { add, lose, has, clear } = createTest();
    add("g2", [{ id: "a", seq: 0 }, { id: "b", seq: 0 }]);
    add("g3", [{ id: "c", seq: 0 }]);
    assert.deepEqual(lose("g2"), ["a", "b"]);
    assert.deepEqual([lose("g2"), ["a", "b", "c"].map(has)], [[], [false, false, true]]);
    assert.deepEqual([...clear()], ["g3"]);
    assert.equal(has("c"), false);
  });
});
