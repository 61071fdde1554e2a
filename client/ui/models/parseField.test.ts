import assert from "node:assert/strict";
import { it } from "node:test";
import type { Control, Field } from "./describeInput.ts";
import { createHeld } from "./held.ts";
import { fieldText, parseField } from "./parseField.ts";

const text: Control = { kind: "text", type: "text", multiline: false };
const number: Control = { kind: "number", integer: false };
const digit: Control = { kind: "number", integer: true, min: 0, max: 9 };
const choice: Control = { kind: "choice", options: ["a", null] };
const json: Control = { kind: "json" };

const fieldOf = (control: Control, required = false): Field => ({
  name: "f",
  title: "F",
  required,
  secret: false,
  control,
});
const parse = (control: Control, text: string, required = false) =>
  parseField(fieldOf(control, required), { text }, createHeld());
const nothing = { value: undefined };

it("reads the value each control means, and writes it as the same text", () => {
  const rows: [Control, string, unknown][] = [
    [text, " as it is ", " as it is "],
    [number, "-1500.5", -1500.5],
    [digit, "9", 9],
    [{ kind: "boolean" }, "true", true],
    [{ kind: "boolean" }, "false", false],
    [choice, "1", null],
    [json, '{\n  "a": 1\n}', { a: 1 }],
  ];
  for (const [control, text, value] of rows) {
    assert.deepEqual(parse(control, text).value, value);
    assert.equal(fieldText(fieldOf(control), value, createHeld()), text);
  }
  assert.equal(parse(number, " -1.5e3 ").value, -1500);
});

it("leaves out what is empty and not required, unless it is meant", () => {
  for (const control of [text, number, choice]) assert.deepEqual(parse(control, ""), nothing);
  assert.deepEqual(parse(json, " \n"), nothing);
  assert.deepEqual(parse({ kind: "file" }, ""), nothing);
  const meant = parseField(fieldOf(text), { text: "", given: true }, createHeld());
  assert.deepEqual(meant, { value: "" });
});

it("says what is missing where something is required", () => {
  assert.deepEqual(parse(text, "", true), { value: "" });
  assert.equal(parse(number, " ", true).problem, "Give a number.");
  assert.equal(parse(choice, "", true).problem, "Choose a or null.");
  assert.equal(parse(json, "", true).problem, "Give a value as JSON.");
  assert.equal(parse({ kind: "file" }, "", true).problem, "Choose a file.");
});

it("names the text that is no such value, and keeps it", () => {
  assert.deepEqual(parse(number, "ten"), { value: "ten", problem: '"ten" is not a number.' });
  assert.equal(parse(number, "Infinity").problem, '"Infinity" is not a number.');
  assert.deepEqual(parse(number, "9007199254740993"), {
    value: "9007199254740993",
    problem:
      "9007199254740993 is more than a number can hold: it would be sent as 9007199254740992.",
  });
  assert.deepEqual(parse(digit, "1.5"), { value: 1.5, problem: "1.5 is not a whole number." });
  assert.equal(parse(digit, "-1").problem, "-1 is less than 0.");
  assert.equal(parse(digit, "10").problem, "10 is more than 9.");
  const within = { ...number, above: 0, below: 1 };
  assert.equal(parse(within, "0").problem, "0 is not more than 0.");
  assert.equal(parse(within, "1").problem, "1 is not less than 1.");
  assert.equal(parse(within, "0.5").problem, undefined);
  assert.match(parse(json, "{").problem ?? "", /^Not JSON at line 1, column 2/);
});

it("reads a file as its bytes", () => {
  const bytes = new Uint8Array([1, 2]);
  const content = { text: "", file: { name: "a.bin", bytes } };
  assert.equal(parseField(fieldOf({ kind: "file" }, true), content, createHeld()).value, bytes);
});
