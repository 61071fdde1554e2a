import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { until } from "../../tests/harness/until.ts";
import type { BusRequest } from "../schemas/busMessages.ts";
import { createTest, end, errorOf, started } from "./callerFixture.ts";

/** How many may be on the bus for one worker that runs one at a time. */
const PLACES = 9;

/** A client that has taken all places with requests `1` and on, and what the bus was given. */
const createFullTest = async ({ workers = 1 } = {}) => {
  const published: BusRequest[] = [];
  const publish = (request: BusRequest) => Promise.resolve(void published.push(request));
  const test = await createTest({ workers, concurrency: 1, publish });
  for (let n = 1; n <= PLACES; n++) test.start(`${n}`, 60_000, { from: "greedy" });
  const ids = () => published.slice(PLACES).map(({ id }) => id);
  const tick = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { ...test, published, ids, tick };
};

describe("createCaller, when more is asked than may wait on the bus", () => {
  it("goes on with the next when one begins, and when one ends that never said so", async () => {
    const { start, arrive, ids, tick } = await createFullTest();
    for (const id of ["a", "b", "c"]) start(id, 60_000, { from: "greedy" });
    arrive(started("1"));
    arrive(end("1"));
    await tick();
    assert.deepEqual(ids(), ["a"]);
    arrive(end("2"));
    await tick();
    assert.deepEqual(ids(), ["a", "b"]);
  });

  it("has clients take turns while the only worker restarts, too", async () => {
    const { start, arrive, ids, tick } = await createFullTest({ workers: 0 });
    for (const id of ["a", "b", "c"]) start(id, 60_000, { from: "greedy" });
    start("d", 60_000, { from: "modest" });
    arrive(end("1"));
    arrive(end("2"));
    await tick();
    assert.deepEqual(ids(), ["d"]);
  });

  it("holds no call back that a running request makes", async () => {
    const { start, ids } = await createFullTest();
    start("nested");
    assert.deepEqual(ids(), ["nested"]);
  });

  it("tells nobody of what is cancelled before it was sent, and never sends it", async () => {
    const { start, arrive, ids, controls, tick } = await createFullTest();
    const { frames, cancel } = start("a", 60_000, { from: "modest" });
    cancel("enough");
    arrive(end("1"));
    await tick();
    assert.deepEqual([ids(), controls, errorOf(frames).code], [[], [], "CANCELLED"]);
  });

  it("keeps the deadline of what waits, and says that it was queued", async () => {
    const { start, ids } = await createFullTest();
    const { frames } = start("a", 20, { from: "modest" });
    await until(() => frames.length > 0);
    const { code, where } = errorOf(frames);
    assert.deepEqual([ids(), code, where?.state, where?.workers], [[], "TIMEOUT", "queued", 1]);
  });

  it("sends what waits with all the credit that it was granted meanwhile", async () => {
    const { start, arrive, published, controls, tick } = await createFullTest();
    start("a", 60_000, { from: "modest" }).grant(5);
    arrive(end("1"));
    await tick();
    assert.deepEqual([published.at(-1)?.credit, controls], [6, []]);
  });

  it("holds nothing back from a bus that takes nothing, so that it refuses all", async () => {
    const { start, block, ids, tick } = await createFullTest();
    start("a", 60_000, { from: "modest" });
    block();
    assert.deepEqual(ids(), []);
    start("b", 60_000, { from: "modest" });
    await tick();
    assert.deepEqual(ids(), ["a", "b"]);
  });

  it("sends nothing of what waits when it closes", async () => {
    const { start, caller, ids, tick } = await createFullTest();
    const { frames } = start("a", 60_000, { from: "greedy" });
    await caller.close();
    await tick();
    assert.deepEqual([ids(), errorOf(frames).code], [[], "BUS_UNAVAILABLE"]);
  });
});
