import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createDeadlines } from "../createDeadlines.ts";
import { createTurns, PLACE_MS, placesOf } from "./createTurns.ts";

/** Lines with so many places, and who has gone to the bus. */
const createTest = (all: number, each = all) => {
  const given = { places: { all, each } };
  const gone: string[] = [];
  let time = 0;
  const due: (() => void)[] = [];
  const deadlines = createDeadlines({ now: () => time, wake: (task) => due.push(task) });
  const { enter, held } = createTurns(() => given.places, { deadlines, now: () => time });
  const pass = (ms: number) => {
    time += ms;
    for (const task of due.splice(0)) task();
  };
  const ask = (name: string, type = "a.b") =>
    enter({ type, from: name[0]! }, () => void gone.push(name));
  return { ask, held, gone, pass, given, tick: () => Promise.resolve() };
};

describe("createTurns", () => {
  it("lets all go at once while there are places, for each type by itself", () => {
    const { ask, gone } = createTest(2);
    for (const name of ["a1", "a2", "a3"]) ask(name);
    ask("a4", "a.c");
    assert.deepEqual(gone, ["a1", "a2", "a4"]);
  });

  it("lets those who wait take turns, and each one's in the order they came", async () => {
    const { ask, gone, tick } = createTest(1);
    const leaves = new Map<string, () => void>();
    for (const name of ["a1", "a2", "a3", "a4", "b1", "b2", "c1"]) leaves.set(name, ask(name));
    for (let nth = 0; nth < leaves.size; nth++) {
      leaves.get(gone[nth]!)!();
      await tick();
    }
    assert.deepEqual(gone, ["a1", "a2", "b1", "c1", "a3", "b2", "a4"]);
  });

  it("leaves one alone all places, and only some beside another, though others are free", () => {
    const { ask, gone } = createTest(6, 2);
    for (const name of ["a1", "a2", "a3", "b1", "a4", "b2", "b3"]) ask(name);
    assert.deepEqual(gone, ["a1", "a2", "a3", "b1", "b2"]);
  });

  it("passes by one who has enough places, until that one has fewer", async () => {
    const { ask, gone, tick } = createTest(4, 2);
    const [leave] = ["a1", "b1", "b2", "b3", "a2", "a3"].map((name) => ask(name));
    assert.deepEqual(gone, ["a1", "b1", "b2", "a2"]);
    leave!();
    await tick();
    assert.deepEqual(gone, ["a1", "b1", "b2", "a2", "a3"]);
  });

  it("shares as long as another asks, though one asked for all at once", async () => {
    const { ask, gone, pass, tick } = createTest(8, 2);
    let leave = ask("b");
    for (let n = 0; n < 20; n++) ask("a");
    for (let n = 0; n < 30; n++) {
      pass(100);
      leave();
      leave = ask("b");
      await tick();
    }
    assert.equal(gone.filter((name) => name === "a").length, 2);
    leave();
    pass(1_100);
    ask("a");
    await tick();
    assert.equal(gone.filter((name) => name === "a").length, 8);
  });

  it("never lets go what is given up, also together with what makes place", async () => {
    const { ask, gone, tick } = createTest(1);
    for (const leave of ["a1", "a2", "a3"].map((name) => ask(name))) leave();
    ask("a4");
    await tick();
    assert.deepEqual(gone, ["a1", "a4"]);
  });

  it("keeps a place for one of whom nothing is heard only for so long", async () => {
    const { ask, gone, pass, tick } = createTest(1);
    for (const name of ["a1", "b1"]) ask(name);
    pass(PLACE_MS / 2);
    await tick();
    assert.deepEqual(gone, ["a1"]);
    pass(PLACE_MS);
    await tick();
    assert.deepEqual(gone, ["a1", "b1"]);
  });

  it("tells how many are held back, of each type", async () => {
    const { ask, held, tick } = createTest(1);
    const [leave] = ["a1", "a2", "a3", "b1"].map((name) => ask(name));
    ask("a4", "a.c");
    assert.deepEqual([held("a.b"), held("a.c"), held("a.d")], [3, 0, 0]);
    leave!();
    await tick();
    assert.equal(held("a.b"), 2);
  });

  it("gives up a place once, however often it is told", async () => {
    const { ask, gone, tick } = createTest(1);
    const leave = ask("a1");
    for (const name of ["a2", "a3"]) ask(name);
    leave();
    leave();
    await tick();
    assert.deepEqual(gone, ["a1", "a2"]);
  });

  it("lets all go when there is a place for everyone", async () => {
    const { ask, gone, given, tick } = createTest(1);
    for (const name of ["a1", "a2", "b1"]) ask(name);
    given.places = { all: Infinity, each: Infinity };
    ask("a3");
    await tick();
    assert.deepEqual(gone, ["a1", "a2", "b1", "a3"]);
  });
});

describe("placesOf", () => {
  const cases = [
    { workers: undefined, concurrency: 4, places: { all: Infinity, each: Infinity } },
    { workers: 0, concurrency: 4, places: { all: Infinity, each: Infinity } },
    { workers: 2, concurrency: undefined, places: { all: Infinity, each: Infinity } },
    { workers: 2, concurrency: 1, places: { all: 10, each: 6 } },
    { workers: 2, concurrency: 16, places: { all: 96, each: 40 } },
    { workers: 2, concurrency: 10_000, places: { all: 20_512, each: 20_064 } },
  ];
  for (const { places, ...known } of cases) {
    it(`is ${places.all} and ${places.each} for ${known.workers} workers × ${known.concurrency}`, () =>
      assert.deepEqual(placesOf(known), places));
  }
});
