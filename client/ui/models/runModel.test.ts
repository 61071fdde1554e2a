import assert from "node:assert/strict";
import { it } from "node:test";
import { createFakeBackend } from "./_fakeBackend.ts";
import { valuesOf } from "./outputModel.ts";
import { createRunModel, type RunModel } from "./runModel.ts";

const items = (run: RunModel) => valuesOf(run.output.value.kept.value);

const setUp = () => {
  const backend = createFakeBackend();
  const clock = { now: 100 };
  const { makeBackendRequest } = backend;
  const run = createRunModel({ makeBackendRequest, schedule() {}, now: () => clock.now });
  const begin = (payload?: unknown) => {
    const settled = run.start("demo.it", payload);
    const call = backend.calls.at(-1);
    assert.ok(call);
    return { settled, ...call };
  };
  return { run, backend, clock, begin };
};

it("shows a result, and how long it took", async () => {
  const { run, clock, begin } = setUp();
  const { type, payload, settled, push } = begin({ a: 1 });
  assert.deepEqual([type, payload], ["demo.it", { a: 1 }]);
  assert.deepEqual(run.state.value, { at: "queued", since: 100 });
  clock.now = 130;
  push({ kind: "end", seq: 0, data: { sum: 3 } });
  await settled;
  assert.deepEqual(run.state.value, { at: "succeeded", elapsedMs: 30 });
  assert.deepEqual(items(run), [{ sum: 3 }]);
});

it("takes a result apart that is a list of rows", async () => {
  const { run, begin } = setUp();
  const { settled, push } = begin();
  push({ kind: "end", seq: 0, data: [{ a: 1 }, { a: 2, b: 3 }] });
  await settled;
  assert.deepEqual(items(run), [{ a: 1 }, { a: 2, b: 3 }]);
  assert.deepEqual(run.output.value.shape.value, { kind: "table", columns: ["a", "b"] });
});

it("tells a list of one row from the row", async () => {
  const { run, begin } = setUp();
  for (const [data, isList] of [[[{ a: 1 }], true], [{ a: 1 }, false]] as const) {
    const { settled, push } = begin();
    push({ kind: "end", seq: 0, data });
    await settled;
    assert.deepEqual([items(run), run.isList.value], [[{ a: 1 }], isList]);
  }
});

it("shows chunks, progress and log lines of a stream, and a list in a chunk as it is", async () => {
  const { run, clock, begin } = setUp();
  const { settled, push } = begin();
  push({ kind: "started", worker: "w1" });
  assert.deepEqual(run.state.value, { at: "running", since: 100, worker: "w1" });
  push({ kind: "chunk", seq: 0, data: [1, 2] });
  push({ kind: "progress", fraction: 0.5, message: "half" });
  clock.now = 150;
  push({ kind: "log", level: "warn", message: "odd" });
  assert.deepEqual(run.progress.value, { fraction: 0.5, message: "half", afterMs: 0 });
  push({ kind: "end", seq: 1 });
  await settled;
  assert.equal(run.state.value.at, "succeeded");
  assert.deepEqual(items(run), [[1, 2]]);
  assert.deepEqual(
    run.logs.value.items.map(({ message, afterMs }) => [message, afterMs]),
    [["odd", 50]],
  );
});

it("keeps what came before a failure", async () => {
  const { run, begin } = setUp();
  const { settled, push } = begin();
  push({ kind: "chunk", seq: 0, data: "so far" });
  push({ kind: "error", code: "WORKER_LOST", message: "gone", retryable: true });
  await settled;
  const state = run.state.value;
  assert.ok(state.at === "lost");
  assert.deepEqual([state.error.code, state.error.requestId], ["WORKER_LOST", "r1"]);
  assert.deepEqual(items(run), ["so far"]);
});

it("cancels the request under way", async () => {
  const { run, backend, begin } = setUp();
  const { settled } = begin();
  run.cancel();
  await settled;
  assert.equal(run.state.value.at, "cancelled");
  assert.deepEqual(backend.cancelled, ["r1"]);
});

it("does not start twice, and the next run begins with nothing of the last", async () => {
  const { run, backend, begin } = setUp();
  const first = begin();
  await run.start("demo.it", undefined);
  assert.equal(backend.calls.length, 1);
  first.push({ kind: "progress", fraction: 1 });
  first.push({ kind: "end", seq: 0, data: 1 });
  await first.settled;
  const second = begin();
  assert.deepEqual(items(run), []);
  assert.equal(run.progress.value, undefined);
  second.push({ kind: "end", seq: 0, data: 2 });
  await second.settled;
  assert.deepEqual(items(run), [2]);
});

it("runs again with the same input", async () => {
  const { run, backend, begin } = setUp();
  await run.retry();
  assert.equal(backend.calls.length, 0, "as nothing was run yet");
  const { settled, push } = begin({ a: 1 });
  push({ kind: "error", code: "OVERLOADED", message: "busy", retryable: true });
  await settled;
  const again = run.retry();
  assert.deepEqual(backend.calls.at(-1)?.payload, { a: 1 });
  assert.equal(run.state.value.at, "queued");
  backend.calls.at(-1)?.push({ kind: "end", seq: 0, data: 1 });
  await again;
  assert.equal(run.state.value.at, "succeeded");
});

it("knows when its time is over as soon as the gateway says so", () => {
  const { run, begin } = setUp();
  const { push } = begin();
  assert.equal(run.deadline.value, 30_100);
  push({ kind: "accepted", timeoutMs: 5_000 });
  assert.equal(run.deadline.value, 5_100);
});
