import assert from "node:assert/strict";
import { it } from "node:test";
import { createFakeBackend } from "./_fakeBackend.ts";
import { createRunsModel } from "./runsModel.ts";

const setUp = () => {
  const backend = createFakeBackend();
  const runs = createRunsModel({ ...backend, schedule() {} });
  const numbers = () => runs.all.value.map(({ number }) => number);
  return { backend, runs, numbers, selected: () => runs.selected.value };
};

it("runs several at once, each with its own output", async () => {
  const { backend, runs, selected } = setUp();
  const first = selected();
  const settled = [first.start("a.b", 1)];
  runs.open();
  assert.equal(selected().number, 2);
  settled.push(selected().start("a.b", 2));
  backend.calls.forEach(({ push }, at) => push({ kind: "end", seq: 0, data: `result ${at + 1}` }));
  await Promise.all(settled);
  assert.deepEqual(
    runs.all.value.map(({ output }) => output.value.kept.value.items),
    [["result 1"], ["result 2"]],
  );
  runs.select(first);
  assert.equal(selected(), first);
});

it("cancels what runs in a tab that is closed, and selects the next one", async () => {
  const { backend, runs, numbers, selected } = setUp();
  const first = selected();
  runs.open();
  runs.open();
  runs.select(first);
  const settled = first.start("a.b", 1);
  runs.close(first);
  await settled;
  assert.deepEqual(backend.cancelled, ["r1"]);
  assert.deepEqual([numbers(), selected().number], [[2, 3], 2]);
  runs.select(runs.all.value[1]!);
  runs.close(selected());
  assert.deepEqual([numbers(), selected().number], [[2], 2]);
});

it("always has a tab, and not more than eight", () => {
  const { runs, numbers, selected } = setUp();
  runs.close(selected());
  assert.deepEqual([numbers(), selected().number], [[2], 2]);
  while (runs.canOpen()) runs.open();
  assert.equal(numbers().length, 8);
});
