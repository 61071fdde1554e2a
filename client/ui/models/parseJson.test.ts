import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { parseJson } from "./parseJson.ts";

it("reads JSON", () => {
  assert.deepEqual(parseJson(' {"a": [1, null]}\n'), { value: { a: [1, null] } });
});

it("says what is wrong with text that is no JSON, and where", () => {
  const faults: [string, string][] = [
    ["", "line 1, column 1: a value expected, not the end"],
    ["{", "line 1, column 2: a name in double quotes expected, not the end"],
    ["{a: 1}", 'line 1, column 2: a name in double quotes expected, not "a"'],
    ['{\n  "a": 1,\n}', 'line 3, column 1: a name in double quotes expected, not "}"'],
    ['{\n  "a" 1\n}', 'line 2, column 7: a colon expected, not "1"'],
    ['{"a": 1 "b": 2}', 'line 1, column 9: a comma or } expected, not "\\""'],
    ["[1, 2", "line 1, column 6: a comma or ] expected, not the end"],
    ["[1,]", 'line 1, column 4: a value expected, not "]"'],
    ["[01]", 'line 1, column 2: a value expected, not "0"'],
    ["[True]", 'line 1, column 2: a value expected, not "T"'],
    ['["a\nb"]', 'line 1, column 2: a sound string expected, not "\\""'],
    ["[1] 2", 'line 1, column 5: the end expected, not "2"'],
    ["😀", 'line 1, column 1: a value expected, not "😀"'],
  ];
  for (const [text, fault] of faults) {
    assert.equal(parseJson(text).problem, `Not JSON at ${fault}.`);
  }
  assert.match(parseJson("[".repeat(100_000)).problem ?? "", /less nesting expected/);
});

it("refuses a whole number of more digits than are kept, and no other", () => {
  const given = "12345678901234567890";
  assert.match(parseJson(`{"id": ${given}}`).problem ?? "", /^12345678901234567890 .* \d+67000\.$/);
  assert.match(parseJson("[-1e999]").problem ?? "", /^-1e999 is more than a number can hold/);
  const kept = [0.1, 9_007_199_254_740_991, 123_456_789_012_345_670_000, 1e21, -0, 5e-324];
  for (const number of kept) assert.equal(parseJson(JSON.stringify(number)).problem, undefined);
  assert.equal(parseJson("1000000000000000000000").problem, undefined);
  assert.equal(parseJson(`"${given}"`).value, given);
});

it("finds a fault within whatever part of a JSON text is there, and none behind it", () => {
  fc.assert(fc.property(fc.json(), fc.nat(), (text, cut) => {
    const part = text.slice(0, cut % text.length);
    const { problem } = parseJson(part);
    if (problem === undefined) return; // A shorter number, say, is a number too.
    const column = Number(/column (\d+)/.exec(problem)?.[1]);
    assert.ok(column >= 1 && column <= part.length + 1, `${part}: ${problem}`);
  }));
});
