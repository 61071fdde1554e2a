import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import { describeInput, type Field } from "./describeInput.ts";
import { optionText } from "./optionText.ts";

const partsOf = (field: Field | undefined): Field[] => {
  assert.ok(field?.control.kind === "object");
  return field.control.fields();
};

const fieldOf = (schema: JsonSchema, required = false, name = "f"): Field => {
  const properties = { [name]: schema };
  const [field] = partsOf(
    describeInput({ type: "object", properties, required: required ? [name] : [] }),
  );
  assert.ok(field);
  return field;
};

const branchesOf = (schema: JsonSchema) => {
  const { control } = fieldOf(schema, true);
  assert.ok(control.kind === "union");
  return { names: control.names, branches: control.names.map((_, at) => control.branch(at)) };
};

describe("describeInput", () => {
  it("finds a control for every simple field", () => {
    const number = {
      kind: "number",
      integer: false,
      min: undefined,
      max: undefined,
      above: undefined,
      below: undefined,
    };
    const text = { kind: "text", type: "text", multiline: false, seconds: false };
    const controls: [JsonSchema, unknown][] = [
      [{ type: "string" }, text],
      [{ type: "string", maxLength: 200 }, text],
      [{ type: "string", maxLength: 201 }, { ...text, multiline: true }],
      [{ type: "string", multiline: true }, { ...text, multiline: true }],
      [{ type: "string", examples: ["a\nb"] }, { ...text, multiline: true }],
      [{ type: "string", format: "email" }, { ...text, type: "email" }],
      [{ type: "string", format: "uri" }, { ...text, type: "url" }],
      [{ type: "string", format: "date" }, { ...text, type: "date" }],
      [{ type: "string", format: "time" }, { ...text, type: "time" }],
      [{ type: "string", format: "time", pattern: "s" }, { ...text, type: "time", seconds: true }],
      [{ type: "string", format: "date-time-local" }, { ...text, type: "datetime-local" }],
      [{ type: "string", format: "constructor" }, text],
      [{ type: "string", format: "binary" }, { kind: "file" }],
      [{ type: "number" }, number],
      [{ type: "integer", minimum: 1, maximum: 9 }, { ...number, integer: true, min: 1, max: 9 }],
      [{ enum: ["a", 2] }, { kind: "choice", options: ["a", 2] }],
      [{ const: 5 }, { kind: "choice", options: [5] }],
      [{ type: "null" }, { kind: "choice", options: [null] }],
      [{ anyOf: [{ const: "a" }, { type: "null" }] }, { kind: "choice", options: ["a", null] }],
      [{ anyOf: [{ type: "boolean" }, { type: "null" }] }, {
        kind: "choice",
        options: [true, false, null],
      }],
    ];
    for (const [schema, control] of controls) {
      assert.deepEqual(fieldOf(schema).control, control, JSON.stringify(schema));
    }
    assert.deepEqual(fieldOf({ type: "string" }, true, "text").control, {
      ...text,
      multiline: true,
    });
  });

  it("describes what is in objects, lists, tuples and records", () => {
    const inner = { type: "object", properties: { a: { type: "string" }, b: { type: "number" } } };
    const parts = partsOf(fieldOf({ ...inner, required: ["b"] }));
    assert.deepEqual(parts.map(({ name, required }) => [name, required]), [["a", false], [
      "b",
      true,
    ]]);

    const list = fieldOf({ type: "array", items: { type: "number" }, minItems: 2 }).control;
    assert.ok(list.kind === "list");
    assert.deepEqual([list.places, list.open, list.min, list.item(7).control.kind], [
      0,
      true,
      2,
      "number",
    ]);

    const pair = { type: "array", items: [{ type: "string" }, { type: "boolean" }], minItems: 2 };
    const tuple = fieldOf(pair).control;
    assert.ok(tuple.kind === "list");
    assert.deepEqual([tuple.places, tuple.open, tuple.item(1).control.kind], [2, false, "boolean"]);
    const longer = fieldOf({ ...pair, additionalItems: { type: "number" } }).control;
    assert.ok(longer.kind === "list");
    assert.deepEqual([longer.open, longer.item(2).control.kind], [true, "number"]);

    const record = fieldOf({ type: "object", additionalProperties: { type: "number" } }).control;
    assert.ok(record.kind === "record");
    assert.equal(record.item().control.kind, "number");
  });

  it("makes one object of an intersection of objects", () => {
    const part = (name: string) => ({
      type: "object",
      properties: { [name]: { type: "string" } },
      required: [name],
    });
    const parts = partsOf(fieldOf({ allOf: [part("a"), part("b")] }));
    assert.deepEqual(parts.map(({ name, required }) => [name, required]), [["a", true], [
      "b",
      true,
    ]]);
    assert.equal(fieldOf({ allOf: [part("a"), { type: "string" }] }).control.kind, "json");
  });

  it("names the branches of a union, and hides what tells them apart", () => {
    const shape = (kind: string, name: string) => ({
      type: "object",
      properties: { kind: { const: kind }, [name]: { type: "number" } },
      required: ["kind", name],
    });
    const { names, branches } = branchesOf({ oneOf: [shape("circle", "r"), shape("square", "a")] });
    assert.deepEqual(names, ["circle", "square"]);
    assert.deepEqual(partsOf(branches[1]).map(({ name, hidden }) => [name, hidden]), [
      ["kind", true],
      ["a", false],
    ]);
    const several = shape("circle", "r");
    several.properties.kind = { enum: ["oval", "egg"] } as never;
    const mixed = branchesOf({ oneOf: [several, shape("square", "a")] });
    assert.deepEqual(mixed.names, ["oval or egg", "square"]);
    assert.deepEqual(partsOf(mixed.branches[0])[0]?.hidden, false, "there is something to choose");
    const plain = branchesOf({
      anyOf: [
        { type: "string" },
        { anyOf: [{ type: "number", title: "How many" }, { type: "null" }] },
        { type: "array", items: { type: "integer" } },
        { type: "object", properties: { a: {}, b: {} } },
        { type: "string", format: "binary" },
        { $comment: "date" },
      ],
    });
    assert.deepEqual(plain.names, [
      "Text",
      "How many",
      "Nothing (null)",
      "List: Whole number",
      "Object: a, b",
      "File",
      "date",
    ]);
  });

  it("says of a nullable what is said of its value", () => {
    const field = fieldOf({
      anyOf: [{ type: "string", title: "T", secret: true }, { type: "null" }],
    });
    assert.deepEqual([field.title, field.secret, field.control.kind], ["T", true, "union"]);
  });

  it("leaves to JSON what it has no control for, and says so", () => {
    const odd: [JsonSchema, RegExp][] = [
      [{ $comment: "custom" }, /no control for a "custom"/],
      [{ $comment: "date" }, /No request can hold a "date"/],
      [{ $comment: "map" }, /No request can hold a "map"/],
      [{ not: {} }, /no control for this/],
      [{ type: ["string", "number"] }, /no control for this/],
    ];
    for (const [schema, notice] of odd) {
      const { control, notice: said } = fieldOf(schema);
      assert.equal(control.kind, "json");
      assert.match(said ?? "", notice);
    }
    const anything = fieldOf({});
    assert.deepEqual([anything.control, anything.notice], [
      { kind: "json", schema: undefined },
      undefined,
    ]);
  });

  it("ticks a box only where there is no third possibility", () => {
    assert.equal(fieldOf({ type: "boolean" }, true).control.kind, "boolean");
    assert.equal(fieldOf({ type: "boolean", default: true }).control.kind, "boolean");
    assert.deepEqual(fieldOf({ type: "boolean" }).control, {
      kind: "choice",
      options: [true, false],
    });
  });

  it("begins with an example before a default, but fills nothing that can be left out", () => {
    assert.equal(fieldOf({ type: "number", default: 5 }).initial, 5);
    assert.equal(fieldOf({ type: "number", default: 5, examples: [6] }).initial, 6);
    assert.equal(fieldOf({ type: "number", examples: [6] }, true).initial, 6);
    const optional = fieldOf({ type: "number", examples: [6] });
    assert.deepEqual([optional.initial, optional.placeholder], [undefined, "6"]);
    const secret = fieldOf({ type: "string", examples: ["k"], secret: true });
    assert.deepEqual([secret.placeholder, secret.secret], [undefined, true]);
  });

  it("ends where a schema holds itself", () => {
    const node = (child: unknown, required = ["child"]) => ({
      $ref: "#/$defs/0",
      $defs: { "0": { type: "object", properties: { child }, required } },
    });
    const self = { $ref: "#/$defs/0" };
    const childOf = (schema: JsonSchema) => partsOf(describeInput(schema))[0]?.control;
    assert.equal(childOf(node(self))?.kind, "json", "no value ever could be of it");
    assert.equal(childOf(node(self, []))?.kind, "object", "it is there only when it is wanted");
    const nullable = childOf(node({ anyOf: [self, { type: "null" }] }));
    assert.ok(nullable?.kind === "union");
    assert.equal(nullable.first, 1, "it begins with null");
    assert.equal(partsOf(nullable.branch(0))[0]?.control.kind, "union");
    const children = childOf(node({ type: "array", items: self, minItems: 1 }));
    assert.ok(children?.kind === "list");
    assert.deepEqual([children.min, children.item(0).control.kind], [0, "object"]);
    const loop = { $ref: "#/$defs/0", $defs: { "0": self } };
    assert.equal(describeInput(loop).control.kind, "json");
  });

  it("describes an input that is no object, and one that is nothing", () => {
    const number = describeInput({ $schema: "x", type: "number" });
    assert.deepEqual([number.title, number.required, number.control.kind], [
      "Input",
      true,
      "number",
    ]);
    const anything = describeInput({ $schema: "x" });
    assert.deepEqual([anything.required, anything.control.kind], [false, "json"]);
    assert.deepEqual(partsOf(describeInput({ type: "object", properties: {} })), []);
    const nothing = describeInput({ $comment: "void" });
    assert.deepEqual([nothing.required, partsOf(nothing)], [false, []]);
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
