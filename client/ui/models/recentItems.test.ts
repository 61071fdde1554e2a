import assert from "node:assert/strict";
import { it } from "node:test";
import { createRecentItems } from "./recentItems.ts";

const setUp = () => {
  const frames: (() => void)[] = [];
  const schedule = (callback: () => void) => void frames.push(callback);
  const list = createRecentItems<number>({ limit: 3, schedule });
  return { list, frames, drawFrame: () => frames.splice(0).forEach((callback) => callback()) };
};

it("shows what was pushed at the next frame, all at once", () => {
  const { list, frames, drawFrame } = setUp();
  list.push(1);
  list.push(2);
  assert.deepEqual(list.shown.value.items, []);
  assert.equal(frames.length, 1);
  drawFrame();
  assert.deepEqual(list.shown.value, { first: 0, items: [1, 2] });
});

it("keeps the newest and counts the others, though no frame is ever drawn", () => {
  const { list } = setUp();
  for (let i = 0; i < 100; i++) list.push(i);
  list.flush();
  assert.deepEqual(list.shown.value, { first: 97, items: [97, 98, 99] });
});

it("does not change what is shown when nothing was pushed", () => {
  const { list, drawFrame } = setUp();
  list.push(1);
  list.flush();
  const before = list.shown.value;
  drawFrame();
  assert.equal(list.shown.value, before);
});

it("begins anew after clear", () => {
  const { list, drawFrame } = setUp();
  list.push(1);
  list.clear();
  drawFrame();
  assert.deepEqual(list.shown.value, { first: 0, items: [] });
  list.push(2);
  drawFrame();
  assert.deepEqual(list.shown.value, { first: 0, items: [2] });
});
