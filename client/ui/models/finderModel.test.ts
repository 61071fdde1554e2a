import assert from "node:assert/strict";
import { it } from "node:test";
import { signal } from "@preact/signals";
import { createFinderModel, type Place } from "./finderModel.ts";

const setUp = () => {
  const places = signal<Place[]>([
    { href: "#/math.primes", name: "math.primes", title: "List primes" },
    { href: "#/math.add", name: "math.add", title: "Add two numbers" },
    { href: "#/status", name: "Status" },
  ]);
  const finder = createFinderModel(places);
  const marked = () => finder.found.value[finder.marked.value]?.name;
  return { places, finder, marked };
};

it("lists every place in its order until something is typed", () => {
  const { finder, marked } = setUp();
  assert.deepEqual(finder.found.value.map(({ name }) => name), [
    "math.primes",
    "math.add",
    "Status",
  ]);
  assert.equal(marked(), "math.primes");
  finder.type("sta");
  assert.equal(marked(), "Status");
});

it("finds by name and by title", () => {
  const { finder, marked } = setUp();
  finder.type("two numb");
  assert.equal(marked(), "math.add");
  finder.type("nothing like it");
  assert.deepEqual([finder.found.value, marked()], [[], undefined]);
  finder.move(1);
  assert.equal(finder.marked.value, 0);
});

it("goes round with its mark, and back to the first when something else is typed", () => {
  const { finder, marked } = setUp();
  finder.move(-1);
  assert.equal(marked(), "Status");
  finder.move(1);
  finder.move(1);
  assert.equal(marked(), "math.add");
  finder.type("m");
  assert.equal(finder.marked.value, 0);
});

it("keeps its mark among places that come and go", () => {
  const { finder, marked, places } = setUp();
  finder.move(-1);
  places.value = places.value.slice(0, 2);
  assert.equal(marked(), "math.add");
});
