import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { until } from "../../tests/harness/until.ts";
import { RequestError } from "../errors.ts";
import type { Frame } from "../schemas/frames.ts";
import { MAX_CREDIT } from "../schemas/limits.ts";
import { createTest, end, errorOf, started } from "./callerFixture.ts";

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

  it("gives each its whole time, however long was computed since another began", async () => {
    const { start } = await createTest();
    start("1", 60_000);
    const busyUntil = performance.now() + 100;
    while (performance.now() < busyUntil);
    const startedAt = performance.now();
    const { frames } = start("2", 80);
    await until(() => frames.length > 0);
    assert.ok(performance.now() - startedAt >= 80);
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
    const granted = controls.map((control) => (control as { total: number }).total);
    assert.deepEqual(granted, [1, MAX_CREDIT + 10]);
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
      { kind: "credit", id: "1", total: 1, type: "a.b", worker: "w1" },
      { kind: "credit", id: "1", total: 2, type: "a.b", worker: "w1" },
      {
        kind: "cancel",
        id: "1",
        reason: "a later run replaced it",
        attempt: 1,
        type: "a.b",
        worker: "w1",
      },
      { kind: "credit", id: "1", total: 2, type: "a.b", worker: "w2" },
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
