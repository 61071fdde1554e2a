import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as v from "valibot";
import { until } from "../../tests/harness/until.ts";
import { startRun } from "./runFixture.ts";

/** A handler that streams 0, 1, 2 …, and how far it came. */
const createCounter = (to: number) => {
  const seen = { produced: 0, ended: false };
  const handler = {
    input: v.unknown(),
    chunk: v.number(),
    async *handle() {
      try {
        while (seen.produced < to) yield seen.produced++;
      } finally {
        seen.ended = true;
      }
    },
  };
  return { seen, handler };
};

describe("runRequest, streaming", () => {
  it("says that it runs, then sends every chunk in order and their number", async () => {
    const { handler } = createCounter(3);
    const run = startRun(handler);
    const { frames, outcome } = run;
    assert.deepEqual(await outcome(), { kind: "end", id: "session:r", seq: 3 });
    assert.deepEqual(frames[0], { kind: "started", id: "session:r", worker: "w" });
    assert.deepEqual(run.chunks(), [0, 1, 2]);
  });

  it("sends each chunk as it was when it was given, though its generator goes on with it", async () => {
    const bytes = new Uint8Array(2);
    const row = { n: 0, list: [0], at: new Date(0), bytes: bytes.subarray(1) };
    const run = startRun({
      input: v.unknown(),
      chunk: v.unknown(),
      *handle() {
        for (let n = 1; n <= 3; n++) {
          row.n = row.list[0] = bytes[1] = n;
          row.at.setTime(n);
          yield row;
        }
      },
    }, { chunks: true });
    await run.outcome();
    const given = [1, 2, 3].map((n) => ({
      ...{ n, list: [n], at: new Date(n), bytes: Uint8Array.of(n) },
    }));
    assert.deepEqual(run.chunks(), given);
  });

  it("lets no other frame overtake the chunks before it", async () => {
    const run = startRun({
      input: v.unknown(),
      chunk: v.number(),
      async *handle(_, { log }) {
        yield* [0, 1];
        log.info("two");
        yield 2;
      },
    }, { chunks: true });
    await run.outcome();
    const said = run.frames.map((frame) => "data" in frame ? frame.data : frame.kind);
    assert.deepEqual(said, ["started", [0, 1], "log", 2, "end"]);
  });

  it("lets the generator go as far as the credit, and no further", async () => {
    const { handler, seen } = createCounter(9);
    const run = startRun(handler, { credit: 2 });
    await until(() => run.chunks().length === 2);
    run.grant(3);
    await until(() => run.chunks().length === 5);
    assert.equal(seen.produced, 5);
    run.grant(100);
    await run.outcome();
    assert.equal(run.chunks().length, 9);
  });

  it("ends the generator, cleaned up, before a cancelled request settles", async () => {
    const { handler, seen } = createCounter(9);
    const run = startRun(handler, { credit: 1 });
    await until(() => run.chunks().length === 1);
    let endedBefore = false;
    run.done().then(() => endedBefore = seen.ended);
    run.abort("enough");
    const outcome = await run.outcome();
    assert.equal(outcome?.kind === "error" && outcome.code, "CANCELLED");
    assert.deepEqual([seen.ended, run.chunks()], [true, [0]]);
    assert.ok(endedBefore, "its place was given away while its generator still ran");
  });

  it("ends when its reader takes nothing for too long, and aborts the signal", async () => {
    const { handler, seen } = createCounter(9);
    const run = startRun(handler, { credit: 2 }, { stallMs: 20 });
    const outcome = await run.outcome();
    assert.ok(outcome?.kind === "error");
    assert.deepEqual([outcome.code, outcome.retryable], ["STREAM_BROKEN", true]);
    assert.match(outcome.message, /reader took nothing for 0\.02 s/);
    assert.deepEqual([run.chunks(), seen.ended], [[0, 1], true]);
  });

  it("fails at a chunk that its schema refuses, after those before it, and ends the generator", async () => {
    let ended = false;
    const run = startRun({
      input: v.unknown(),
      chunk: v.object({ n: v.number() }),
      *handle() {
        try {
          yield { n: 1, secret: "undeclared" };
          yield { n: "no number" };
          yield { n: 3 };
        } finally {
          ended = true;
        }
      },
    });
    const outcome = await run.outcome();
    assert.equal(outcome?.kind === "error" && outcome.code, "INVALID_RESPONSE");
    assert.deepEqual([run.chunks(), ended], [[{ n: 1 }], true]);
  });

  it("refuses a chunk over the limit with TOO_LARGE", async () => {
    const handle = () => [new Uint8Array(100), new Uint8Array(20_000)];
    const run = startRun({ input: v.unknown(), chunk: v.instance(Uint8Array), handle });
    const outcome = await run.outcome();
    assert.equal(outcome?.kind === "error" && outcome.code, "TOO_LARGE");
    assert.equal(run.chunks().length, 1);
  });

  it("fails when what should stream is no generator", async () => {
    const run = startRun({ input: v.unknown(), chunk: v.number(), handle: () => 5 });
    const outcome = await run.outcome();
    assert.equal(outcome?.kind === "error" && outcome.code, "HANDLER_FAILED");
  });
});
