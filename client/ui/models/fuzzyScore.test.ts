import assert from "node:assert/strict";
import { it } from "node:test";
import { fuzzyScore } from "./fuzzyScore.ts";

const TEXTS = [
  "math.add Add two numbers",
  "math.primes List primes",
  "csv.summarise Summarise a CSV file",
  "system.stats Watch the system",
  "text.readTime Reading time",
];
const best = (query: string) =>
  TEXTS.map((text) => ({ text, score: fuzzyScore(query, text) }))
    .filter(({ score }) => score !== undefined)
    .sort((one, two) => two.score! - one.score!)
    .map(({ text }) => text.split(" ")[0]);

it("finds what has the letters of a query in order, wherever they stand", () => {
  assert.deepEqual(best("prms"), ["math.primes"]);
  assert.deepEqual(best("CSVSUM"), ["csv.summarise"]);
  assert.deepEqual(best("smrpx"), []);
});

it("puts first what the letters begin words of, dots and capitals included", () => {
  assert.equal(best("mp")[0], "math.primes");
  assert.equal(best("ss")[0], "system.stats");
  assert.equal(best("rt")[0], "text.readTime");
});

it("puts a run of letters before the same letters apart", () => {
  assert.equal(best("ste")[0], "system.stats");
});

it("wants every word of a query, in any order", () => {
  assert.deepEqual(best("numbers add"), ["math.add"]);
  assert.deepEqual(best("add file"), []);
});

it("takes everything for a query without letters", () => {
  assert.equal(best("  ").length, TEXTS.length);
});
