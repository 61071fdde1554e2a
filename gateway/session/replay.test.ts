import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Frame } from "../../common/schemas/frames.ts";
import { BYTES_PER_CREDIT } from "../../common/schemas/limits.ts";
import { createReplay, forgetFrames, framesFrom, keepFrame, type Replay } from "./replay.ts";

const chunk = (seq: number, data: unknown = seq): Frame => ({ kind: "chunk", id: "r", seq, data });

/** One that was given `count` chunks. */
const withChunks = (count: number) => {
  const replay = createReplay();
  for (let seq = 0; seq < count; seq++) keepFrame(replay, chunk(seq));
  return replay;
};
const indices = (replay: Replay, from: number) =>
  framesFrom(replay, from)?.map(({ index, frame }) => [index, "seq" in frame && frame.seq]);

describe("replay", () => {
  it("gives each frame its place, and all from a place on", () => {
    const replay = createReplay();
    assert.deepEqual(
      [replay.kept.length, framesFrom(replay, 0), replay.first + replay.kept.length],
      [0, [], 0],
    );
    assert.deepEqual([0, 1, 2].map((seq) => keepFrame(replay, chunk(seq))), [0, 1, 2]);
    assert.deepEqual(framesFrom(replay, 1), [
      { index: 1, frame: chunk(1) },
      { index: 2, frame: chunk(2) },
    ]);
    assert.deepEqual(
      [replay.kept.length, framesFrom(replay, 3), replay.first + replay.kept.length],
      [3, [], 3],
    );
  });

  it("keeps the places of the others when the first ones are forgotten, in whatever steps", () => {
    const replay = withChunks(5);
    for (const count of [2, 1, 2, 0]) forgetFrames(replay, count);
    assert.deepEqual(indices(replay, 2), [[2, 2], [3, 3], [4, 4]]);
    assert.equal(keepFrame(replay, chunk(5)), 5);
    forgetFrames(replay, 4);
    assert.deepEqual(indices(replay, 4), [[4, 4], [5, 5]]);
    assert.equal(replay.first + replay.kept.length, 6);
  });

  it("says so when what is wanted is no longer here, or never was", () => {
    const replay = withChunks(3);
    forgetFrames(replay, 2);
    assert.deepEqual([framesFrom(replay, 1), framesFrom(replay, 4), indices(replay, 2)], [
      undefined,
      undefined,
      [[2, 2]],
    ]);
  });

  it("forgets no more than it has", () => {
    const replay = withChunks(2);
    forgetFrames(replay, 100);
    assert.deepEqual([replay.first + replay.kept.length, replay.kept.length, replay.bytes], [
      2,
      0,
      0,
    ]);
    assert.equal(keepFrame(replay, chunk(2)), 2);
  });

  it("knows about how many bytes it keeps: by the cost of a chunk, or by measure", () => {
    const replay = createReplay();
    keepFrame(replay, chunk(0, "x".repeat(1_000)));
    const measured = replay.bytes;
    assert.ok(measured > 1_000 && measured < 1_200, `${measured}`);
    keepFrame(replay, { ...chunk(1), cost: 3 } as Frame);
    assert.equal(replay.bytes - measured, 3 * BYTES_PER_CREDIT);
    forgetFrames(replay, 1);
    assert.equal(replay.bytes, 3 * BYTES_PER_CREDIT);
    forgetFrames(replay, 2);
    assert.equal(replay.bytes, 0);
  });
});
