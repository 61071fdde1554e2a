import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { until } from "../../tests/harness/until.ts";
import { RequestError } from "../errors.ts";
import type { BusRequest } from "../schemas/busMessages.ts";
import type { Frame } from "../schemas/frames.ts";
import { MAX_CREDIT } from "../schemas/limits.ts";
import { createCaller } from "./createCaller.ts";
import type { Bus, Requester } from "./port.ts";

type Test = {
  workers?: number;
  publish?: Requester["publish"];
};

/** A caller on a bus that does nothing by itself, and what it said there. */
const createTest = async ({ workers, publish = () => Promise.resolve() }: Test = {}) => {
  const controls: unknown[] = [];
  let arrive: (frame: Frame) => void = () => {};
  let loseFrames = () => {};
  const nothing = () => Promise.resolve();
  const bus: Bus = {
    state: "ready",
    hasConsumer: () => Promise.resolve(true),
    openRequester({ onFrame, onFramesLost }) {
      arrive = onFrame;
      loseFrames = onFramesLost!;
      const control: Requester["control"] = (said, target) => controls.push({ ...said, ...target });
      return Promise.resolve({ publish, control, close: nothing });
    },
    openResponder: () => Promise.reject(new Error("not used")),
    openPeer: () => Promise.reject(new Error("not used")),
    watchAnnouncements: nothing,
    close: nothing,
  };
  const caller = await createCaller({ bus, workersFor: () => workers });
  const start = (id: string, timeoutMs = 60_000, more: Partial<BusRequest> = {}) => {
    const frames: Frame[] = [];
    const request: BusRequest = { id, type: "a.b", timeoutMs, credit: 1, attempt: 1, ...more };
    return { frames, ...caller.start(request, (frame) => frames.push(frame)) };
  };
  return {
    caller,
    controls,
    start,
    arrive: (frame: Frame) => arrive(frame),
    loseFrames: () => loseFrames(),
  };
};

const end = (id: string): Frame => ({ kind: "end", id, seq: 0, data: id });
const started = (id: string, worker = "w1"): Frame & { kind: "started" } => ({
  kind: "started",
  id,
  worker,
});

/** The only frame, which must be an error. */
const errorOf = (frames: Frame[]) => {
  const error = frames.at(-1);
  assert.ok(error?.kind === "error", JSON.stringify(frames));
  return error;
};

describe("createCaller", () => {
  it("gives each request its own frames, up to the first terminal one", async () => {
    const { caller, start, arrive } = await createTest();
    const [one, two] = [start("1"), start("2")];
    const sent: Frame[] = [started("1"), { kind: "chunk", id: "1", seq: 0 }, end("1")];
    for (const frame of [...sent, end("1"), started("1"), end("3")]) arrive(frame);
    assert.deepEqual(one.frames, sent);
    assert.deepEqual([two.frames, caller.pending], [[], 1]);
    arrive(end("2"));
    assert.equal(caller.pending, 0);
  });

  it("settles by itself at the deadline, and tells whoever may run it once", async () => {
    const { caller, controls, start, arrive } = await createTest({ workers: 2 });
    const { frames, cancel, grant } = start("1", 2);
    await until(() => frames.length > 0);
    const { code, retryable, where } = errorOf(frames);
    assert.deepEqual([code, retryable, where?.state, where?.workers], [
      "TIMEOUT",
      true,
      "queued",
      2,
    ]);
    arrive(end("1"));
    cancel("too late");
    grant(5);
    assert.deepEqual([frames.length, caller.pending], [1, 0]);
    assert.deepEqual(controls, [
      { kind: "cancel", id: "1", type: "a.b", reason: "its time was over", worker: undefined },
    ]);
  });

  it("names the worker that ran a request at its deadline, the last one where there were two", async () => {
    const { controls, start, arrive } = await createTest();
    const { frames } = start("1", 20);
    arrive(started("1", "w1"));
    arrive(started("1", "w2"));
    await until(() => frames.length > 2);
    const { code, message, where } = errorOf(frames);
    assert.deepEqual([code, where?.state, where?.worker], ["TIMEOUT", "running", "w2"]);
    assert.match(message, /w2/);
    assert.equal((controls[0] as { worker: string }).worker, "w2");
  });

  it("says NO_WORKER at the deadline when nobody serves the type", async () => {
    const { start } = await createTest({ workers: 0 });
    const { frames } = start("1", 1);
    await until(() => frames.length > 0);
    assert.equal(errorOf(frames).code, "NO_WORKER");
  });

  it("cancels once, with one outcome, though the worker answers in the end", async () => {
    const { controls, start, arrive } = await createTest();
    const { frames, cancel } = start("1");
    arrive(started("1"));
    cancel("enough");
    cancel("enough");
    arrive(end("1"));
    assert.deepEqual([frames.length, errorOf(frames).code], [2, "CANCELLED"]);
    assert.equal(controls.length, 1);
  });

  it("fails with what the bus said, and hides what else went wrong there", async () => {
    const errors = [new RequestError("NO_HANDLER", "None."), new Error("ECONNRESET 10.0.0.7")];
    const said = await Promise.all(errors.map(async (error) => {
      const { start } = await createTest({ publish: () => Promise.reject(error) });
      const { frames } = start("1");
      await until(() => frames.length > 0);
      return errorOf(frames);
    }));
    assert.deepEqual(said.map(({ code }) => code), ["NO_HANDLER", "BUS_UNAVAILABLE"]);
    assert.doesNotMatch(JSON.stringify(said), /10\.0\.0\.7/);
  });

  it("passes on no more credit than a request may have, however much is granted", async () => {
    const { controls, start, arrive } = await createTest();
    const { grant } = start("1");
    arrive({ kind: "chunk", id: "1", seq: 0, cost: 11 });
    for (const n of [1, 1_000_000, 5]) grant(n);
    const granted = controls.map((control) => (control as { n: number }).n);
    assert.deepEqual(granted, [1, MAX_CREDIT + 9]);
  });

  it("gives a run after a lost worker all the credit that the lost one had", async () => {
    const { controls, start, arrive } = await createTest();
    const { grant } = start("1");
    arrive(started("1"));
    arrive({ kind: "chunk", id: "1", seq: 0 });
    grant(1);
    arrive({ kind: "chunk", id: "1", seq: 1 });
    grant(1);
    for (let twice = 0; twice < 2; twice++) arrive({ ...started("1", "w2"), attempt: 2 });
    assert.deepEqual(controls, [
      { kind: "credit", id: "1", n: 1, type: "a.b", worker: "w1" },
      { kind: "credit", id: "1", n: 1, type: "a.b", worker: "w1" },
      {
        kind: "cancel",
        id: "1",
        reason: "a later run replaced it",
        attempt: 1,
        type: "a.b",
        worker: "w1",
      },
      { kind: "credit", id: "1", n: 2, type: "a.b", worker: "w2" },
    ]);
  });

  it("passes on what the newest run says, without the number of that run", async () => {
    const { start, arrive } = await createTest();
    const { frames } = start("1");
    arrive(started("1"));
    arrive({ kind: "chunk", id: "1", seq: 0, data: "first" });
    arrive({ ...started("1", "w2"), attempt: 2 });
    arrive({ kind: "chunk", id: "1", seq: 1, data: "too late" });
    for (const seq of [0, 1]) arrive({ kind: "chunk", id: "1", seq, data: "again", attempt: 2 });
    arrive({ kind: "end", id: "1", seq: 1 });
    arrive({ kind: "end", id: "1", seq: 2, attempt: 2 });
    assert.deepEqual(frames, [
      started("1"),
      { kind: "chunk", id: "1", seq: 0, data: "first" },
      started("1", "w2"),
      { kind: "chunk", id: "1", seq: 1, data: "again" },
      { kind: "end", id: "1", seq: 2 },
    ]);
  });
});

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
