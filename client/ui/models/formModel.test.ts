import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { signal } from "@preact/signals";
import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import type { FieldModel } from "./fieldModel.ts";
import { createFormModel, type FormModel } from "./formModel.ts";
import type { Issue } from "./issuesOf.ts";

const SUM: JsonSchema = {
  type: "object",
  properties: { a: { type: "number" }, b: { type: "number" }, list: { type: "array" } },
  required: ["a", "b"],
};

const setUp = (schema: JsonSchema = SUM, previous?: FormModel) => {
  const issues = signal<Issue[]>([]);
  const form = createFormModel(schema, { id: "x", issues, maxBytes: () => 10, previous });
  const field = (name: string): FieldModel => {
    const found = form.fields.find((one) => one.field.name === name);
    assert.ok(found);
    return found;
  };
  return { issues, form, field };
};

describe("a form", () => {
  it("builds the input out of its fields, without those left empty", () => {
    const { form, field } = setUp();
    field("a").edit("1");
    field("b").edit("2.5");
    assert.deepEqual(form.read(), { payload: { a: 1, b: 2.5 } });
    field("list").edit("[3]");
    assert.deepEqual(form.read(), { payload: { a: 1, b: 2.5, list: [3] } });
  });

  it("is the value of its one field when the input is no object", () => {
    const { form, field } = setUp({ type: "number" });
    field("").edit("7");
    assert.deepEqual(form.read(), { payload: 7 });
  });

  it("names the fields that keep it from being sent, and then they say why", () => {
    const { form, field } = setUp();
    field("a").edit("1");
    assert.deepEqual(field("b").problems.value, [], "the form was not sent yet");
    assert.deepEqual(form.read(), { invalid: [field("b").id] });
    assert.deepEqual(field("b").problems.value, ["Give a number."]);
    field("b").edit("2");
    assert.deepEqual(field("b").problems.value, []);
  });

  it("says what is wrong with JSON as it is typed", () => {
    const { field } = setUp();
    field("list").edit("[1,");
    assert.match(field("list").problems.value[0] ?? "", /^Not JSON/);
    field("list").edit("[1]");
    assert.deepEqual(field("list").problems.value, []);
  });

  it("shows an issue at its field until the field is edited", () => {
    const { form, field, issues } = setUp();
    issues.value = [
      { path: "a", message: "Too small" },
      { path: "list.0.n", message: "Not a number" },
      { path: "", message: "They do not go together" },
      { path: "ab", message: "Unknown" },
    ];
    assert.deepEqual(field("a").problems.value, ["Too small"]);
    assert.deepEqual(field("list").problems.value, ["0.n: Not a number"]);
    assert.deepEqual(form.otherIssues.value.map(({ path }) => path), ["", "ab"]);
    field("a").edit("5");
    assert.deepEqual(field("a").problems.value, []);
    assert.deepEqual(field("list").problems.value, ["0.n: Not a number"]);
    issues.value = [{ path: "a", message: "Too large" }];
    assert.deepEqual(field("a").problems.value, ["Too large"]);
  });

  it("keeps what was typed into fields that a newer schema still has", () => {
    const before = setUp();
    before.field("a").edit("1");
    before.field("b").edit("2");
    const properties = { a: { type: "number", title: "First" }, b: { type: "string" } };
    const { field } = setUp({ type: "object", properties }, before.form);
    assert.equal(field("a").text.value, "1");
    assert.equal(field("b").text.value, "");
  });
});

describe("a file field", () => {
  const FILE: JsonSchema = {
    type: "object",
    properties: { file: { type: "string", format: "binary" } },
    required: ["file"],
  };
  const fileOf = (name: string, read: () => Promise<number[]>, size = 3) => ({
    name,
    size,
    arrayBuffer: async () => new Uint8Array(await read()).buffer,
  });

  it("gives the bytes of the file picked last", async () => {
    const { form, field } = setUp(FILE);
    const slow = Promise.withResolvers<number[]>();
    const first = field("file").pick(fileOf("slow", () => slow.promise));
    await field("file").pick(fileOf("fast", () => Promise.resolve([1, 2, 3])));
    slow.resolve([9]);
    await first;
    assert.deepEqual(form.read(), { payload: { file: new Uint8Array([1, 2, 3]) } });
    await field("file").pick(undefined);
    assert.deepEqual(form.read(), { invalid: [field("file").id] });
  });

  it("refuses a file that the gateway would not take, without reading it", async () => {
    const { field } = setUp(FILE);
    await field("file").pick(fileOf("big", () => Promise.reject(new Error("was read")), 11));
    assert.deepEqual(field("file").problems.value, [
      "big has 11 bytes; the gateway takes 10 bytes at most.",
    ]);
  });

  it("says why a file could not be read", async () => {
    const { field } = setUp(FILE);
    await field("file").pick(fileOf("gone", () => Promise.reject(new Error("it changed"))));
    assert.deepEqual(field("file").problems.value, ["gone could not be read: it changed"]);
  });
});
