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
  const nothing = () => Promise.resolve();
  const bus: Bus = {
    state: "ready",
    hasConsumer: () => Promise.resolve(true),
    openRequester({ onFrame }) {
      arrive = onFrame;
      const control: Requester["control"] = (said, target) => controls.push({ ...said, ...target });
      return Promise.resolve({ publish, control, close: nothing });
    },
    openResponder: () => Promise.reject(new Error("not used")),
    watchAnnouncements: nothing,
    close: nothing,
  };
  const caller = await createCaller({ bus, workersFor: () => workers });
  const start = (id: string, timeoutMs = 60_000) => {
    const frames: Frame[] = [];
    const request: BusRequest = { id, type: "a.b", timeoutMs, credit: 1, attempt: 1 };
    return { frames, ...caller.start(request, (frame) => frames.push(frame)) };
  };
  return { caller, controls, start, arrive: (frame: Frame) => arrive(frame) };
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
    assert.deepEqual(
      controls.map((
        control,
      ) => [(control as { n: number }).n, (control as { worker: string }).worker]),
      [[1, "w1"], [1, "w1"], [2, "w2"]],
    );
  });
});
