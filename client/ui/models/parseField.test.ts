import assert from "node:assert/strict";
import { it } from "node:test";
import type { Control } from "./describeInput.ts";
import { parseField } from "./parseField.ts";

const number: Control = { kind: "number", integer: false };
const digit: Control = { kind: "number", integer: true, min: 0, max: 9 };
const choice: Control = { kind: "choice", options: ["a", null] };

const parse = (control: Control, text: string, required = false) =>
  parseField({ name: "f", title: "F", required, control, initial: "" }, { text });

it("reads the value each control means", () => {
  const rows: [Control, string, unknown][] = [
    [{ kind: "text", multiline: false }, " as it is ", " as it is "],
    [number, " -1.5e3 ", -1500],
    [digit, "9", 9],
    [{ kind: "boolean" }, "true", true],
    [{ kind: "boolean" }, "", false],
    [choice, "1", null],
    [{ kind: "json" }, '{"a":[1]}', { a: [1] }],
  ];
  for (const [control, text, value] of rows) assert.deepEqual(parse(control, text), { value });
});

it("leaves out what is empty and not required", () => {
  for (const control of [{ kind: "text", multiline: false }, number, choice] satisfies Control[]) {
    assert.deepEqual(parse(control, ""), { value: undefined });
  }
  assert.deepEqual(parse({ kind: "json" }, " \n"), { value: undefined });
  assert.deepEqual(parse({ kind: "file" }, ""), { value: undefined });
});

it("says what is missing where something is required", () => {
  assert.deepEqual(parse({ kind: "text", multiline: false }, "", true), { value: "" });
  assert.deepEqual(parse(number, " ", true), { problem: "Give a number." });
  assert.deepEqual(parse(choice, "", true), { problem: "Choose a or null." });
  assert.deepEqual(parse({ kind: "json" }, "", true), { problem: "Give a value as JSON." });
  assert.deepEqual(parse({ kind: "file" }, "", true), { problem: "Choose a file." });
});

it("names the text that is no such value", () => {
  assert.deepEqual(parse(number, "ten"), { problem: '"ten" is not a number.' });
  assert.deepEqual(parse(number, "Infinity"), { problem: '"Infinity" is not a number.' });
  assert.deepEqual(parse(digit, "1.5"), { problem: "1.5 is not a whole number." });
  assert.deepEqual(parse(digit, "-1"), { problem: "-1 is less than 0." });
  assert.deepEqual(parse(digit, "10"), { problem: "10 is more than 9." });
  assert.match(parse({ kind: "json" }, "{").problem ?? "", /^Not JSON: ./);
});

it("reads a file as its bytes", () => {
  const bytes = new Uint8Array([1, 2]);
  const field = { name: "f", title: "F", required: true, initial: "" };
  const file = { name: "a.bin", bytes };
  const parsed = parseField({ ...field, control: { kind: "file" } }, { text: "", file });
  assert.deepEqual(parsed, { value: bytes });
});
