import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { until } from "../../tests/harness/until.ts";
import { RequestError } from "../errors.ts";
import type { Frame } from "../schemas/frames.ts";
import { createTest, end, errorOf, started } from "./callerFixture.ts";
import type { BusRequest } from "../schemas/busMessages.ts";

describe("createCaller, when frames may have been lost", () => {
  /** A caller whose bus takes everything, and what it took. */
  const createLossy = async () => {
    const published: BusRequest[] = [];
    const publish = (request: BusRequest) => Promise.resolve(void published.push(request));
    return { published, ...await createTest({ publish }) };
  };

  it("asks again what is idempotent, twice at most, within its time", async () => {
    const { start, arrive, loseFrames, published } = await createLossy();
    const { frames } = start("1", 60_000, { idempotent: true, payload: 7 });
    const unsafe = start("2", 60_000, { idempotent: false });
    const unknown = start("3");
    const settled = start("4", 60_000, { idempotent: true });
    arrive(end("4"));
    for (let lost = 0; lost < 4; lost++) {
      await Promise.resolve();
      loseFrames();
    }
    const [first, , , , ...later] = published;
    assert.deepEqual(later.map(({ id, attempt }) => [id, attempt]), [["1", 2], ["1", 3]]);
    for (const { timeoutMs, ...request } of later) {
      assert.ok(timeoutMs > 0 && timeoutMs <= 60_000);
      assert.deepEqual({ ...request, timeoutMs: 60_000, attempt: 1 }, first);
    }
    arrive(end("1"));
    assert.deepEqual(frames, []);
    arrive({ ...end("1"), attempt: 3 } as Frame);
    arrive(end("2"));
    arrive(end("3"));
    const all = [frames, unsafe.frames, unknown.frames, settled.frames];
    assert.deepEqual(all.map((one) => one.map(({ kind }) => kind)), Array(4).fill(["end"]));
  });

  it("stops the run whose frames it takes no more, and keeps credit for the next", async () => {
    const { start, arrive, loseFrames, controls } = await createLossy();
    const { grant } = start("1", 60_000, { idempotent: true });
    arrive(started("1"));
    arrive({ kind: "chunk", id: "1", seq: 0 });
    await Promise.resolve();
    loseFrames();
    grant(1);
    arrive({ ...started("1", "w2"), attempt: 2 });
    const said = (controls as { kind: string; worker: string }[])
      .map(({ kind, worker }) => [kind, worker]);
    assert.deepEqual(said, [["cancel", "w1"], ["credit", "w2"]]);
  });

  it("runs a stream again of which a chunk was lost, and ends one that may not", async () => {
    const published: [string, number][] = [];
    const { start, arrive, controls } = await createTest({
      publish: ({ id, attempt }) => Promise.resolve(void published.push([id, attempt])),
    });
    const [again, once] = [start("1", 60_000, { idempotent: true }), start("2")];
    await until(() => published.length === 2);
    const chunk = (id: string, seq: number, more = {}): Frame => ({
      kind: "chunk",
      id,
      seq,
      ...more,
    });
    for (const id of ["1", "2"]) for (const seq of [0, 2, 3]) arrive(chunk(id, seq));
    await until(() => published.length === 3);
    assert.deepEqual(published[2], ["1", 2]);
    for (const seq of [0, 1, 2]) arrive(chunk("1", seq, { attempt: 2 }));
    arrive({ kind: "end", id: "1", seq: 3, attempt: 2 });
    const seqs = again.frames.map((frame) => "seq" in frame && frame.seq);
    assert.deepEqual([seqs, again.frames.at(-1)?.kind], [[0, 1, 2, 3], "end"]);
    assert.deepEqual([errorOf(once.frames).code, once.frames.length], ["STREAM_BROKEN", 2]);
    assert.match(JSON.stringify(controls), /"cancel","reason":"a chunk was lost","id":"2"/);
  });

  it("does not ask twice for what the bus has yet to take", async () => {
    let asked = 0;
    const publish = () => (asked++, new Promise<void>(() => {}));
    const { start, loseFrames } = await createTest({ publish });
    start("1", 60_000, { idempotent: true });
    await Promise.resolve();
    loseFrames();
    assert.equal(asked, 1);
  });
});

describe("createCaller, when the queue of a type that is served is gone", () => {
  /** A bus that has no such queue the first few times. */
  const createFlaky = async (workers: number | undefined, times: number) => {
    let asked = 0;
    const publish = () =>
      asked++ < times ? Promise.reject(new RequestError("NO_HANDLER", "None.")) : Promise.resolve();
    return { ...await createTest({ workers, publish }), asked: () => asked };
  };

  it("tries until it is back", async () => {
    const { start, asked, arrive } = await createFlaky(1, 2);
    const { frames } = start("1");
    await until(() => asked() === 3);
    arrive(end("1"));
    assert.deepEqual(frames, [end("1")]);
  });

  it("tries no longer than its time", async () => {
    const { start, asked } = await createFlaky(1, Infinity);
    const { frames } = start("1", 150);
    await until(() => frames.length > 0);
    assert.equal(errorOf(frames).code, "TIMEOUT");
    assert.equal(asked(), 2);
  });

  for (const workers of [0, undefined]) {
    it(`fails at once where ${workers} workers are known`, async () => {
      const { start, asked } = await createFlaky(workers, Infinity);
      const { frames } = start("1");
      await until(() => frames.length > 0);
      assert.deepEqual([errorOf(frames).code, asked()], ["NO_HANDLER", 1]);
    });
  }
});
