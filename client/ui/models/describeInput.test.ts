import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import { describeInput, optionText } from "./describeInput.ts";

const fieldOf = (schema: JsonSchema, required = false) => {
  const input = { type: "object", properties: { f: schema }, required: required ? ["f"] : [] };
  const [field] = describeInput(input).fields;
  assert.ok(field);
  return field;
};

describe("describeInput", () => {
  it("finds a control for every simple field", () => {
    const controls: [JsonSchema, unknown][] = [
      [{ type: "string" }, { kind: "text", multiline: false }],
      [{ type: "string", maxLength: 200 }, { kind: "text", multiline: false }],
      [{ type: "string", maxLength: 201 }, { kind: "text", multiline: true }],
      [{ type: "string", examples: ["a\nb"] }, { kind: "text", multiline: true }],
      [{ type: "string", format: "binary" }, { kind: "file" }],
      [{ type: "number" }, { kind: "number", integer: false, min: undefined, max: undefined }],
      [{ type: "integer", minimum: 1, maximum: 9 }, {
        kind: "number",
        integer: true,
        min: 1,
        max: 9,
      }],
      [{ enum: ["a", 2] }, { kind: "choice", options: ["a", 2] }],
      [{ const: 5 }, { kind: "choice", options: [5] }],
      [{ anyOf: [{ const: "a" }, { const: null }] }, { kind: "choice", options: ["a", null] }],
    ];
    for (const [schema, control] of controls) {
      assert.deepEqual(fieldOf(schema).control, control, JSON.stringify(schema));
    }
  });

  it("gives a field named text more than one line", () => {
    const { fields } = describeInput({ type: "object", properties: { text: { type: "string" } } });
    assert.deepEqual(fields[0]?.control, { kind: "text", multiline: true });
  });

  it("leaves everything else to JSON", () => {
    for (
      const schema of [
        { type: "object", properties: { a: { type: "string" } } },
        { type: "array", items: { type: "string" } },
        { anyOf: [{ type: "string" }, { type: "null" }] },
        { $ref: "#/$defs/a" },
      ]
    ) assert.deepEqual(fieldOf(schema).control, { kind: "json", schema });
    assert.deepEqual(fieldOf({}).control, { kind: "json", schema: undefined });
  });

  it("ticks a box only where there is no third possibility", () => {
    assert.equal(fieldOf({ type: "boolean" }, true).control.kind, "boolean");
    assert.equal(fieldOf({ type: "boolean", default: true }).initial, "true");
    assert.deepEqual(fieldOf({ type: "boolean" }).control, {
      kind: "choice",
      options: [true, false],
    });
  });

  it("fills in a default; an example only where something is required", () => {
    assert.equal(fieldOf({ type: "number", default: 5, examples: [6] }).initial, "5");
    assert.equal(fieldOf({ type: "number", examples: [6] }, true).initial, "6");
    const optional = fieldOf({ type: "number", examples: [6] });
    assert.deepEqual([optional.initial, optional.placeholder], ["", "6"]);
    assert.equal(fieldOf({ enum: ["a", "b"], default: "b" }).initial, "1");
    assert.equal(fieldOf({ const: "only" }).initial, "0");
    assert.equal(fieldOf({ type: "array", default: [1] }).initial, "[\n  1\n]");
  });

  it("keeps titles, descriptions and what is required", () => {
    const named = fieldOf({ type: "string", title: "T", description: "D" }, true);
    assert.deepEqual([named.title, named.description, named.required], ["T", "D", true]);
    assert.equal(fieldOf({ type: "string" }).title, "f");
  });

  it("makes one field of an input that is no object", () => {
    const number = describeInput({ $schema: "x", type: "number" });
    assert.equal(number.whole, true);
    assert.deepEqual(
      number.fields.map(({ name, title, required, control }) => [
        name,
        title,
        required,
        control.kind,
      ]),
      [["", "Input", true, "number"]],
    );
    const anything = describeInput({ $schema: "x" });
    assert.equal(anything.fields[0]?.control.kind, "json");
    assert.equal(anything.fields[0]?.required, false);
    const record = describeInput({ type: "object", additionalProperties: { type: "number" } });
    assert.equal(record.fields[0]?.control.kind, "json");
  });

  it("makes no field of an input that has none", () => {
    assert.deepEqual(describeInput({ type: "object", properties: {} }), {
      whole: false,
      fields: [],
    });
  });
});

describe("optionText", () => {
  it("quotes only text that could not be seen", () => {
    assert.deepEqual(["a b", "", "\t", " a", 1, null].map(optionText), [
      "a b",
      '""',
      '"\\t"',
      '" a"',
      "1",
      "null",
    ]);
  });
});
