import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import { createFormFixture } from "./_formFixture.ts";

const objectOf = (properties: JsonSchema, required: string[] = []): JsonSchema => ({
  type: "object",
  properties,
  required,
});
const text = { type: "string" };
const number = { type: "number" };
const SUM = objectOf({ a: number, b: number, list: {} }, ["a", "b"]);

describe("a form", () => {
  it("builds the input out of its fields, without those left empty", () => {
    const { form, leaf } = createFormFixture(SUM);
    leaf("a").edit("1");
    leaf("b").edit("2.5");
    assert.deepEqual(form.read(), { payload: { a: 1, b: 2.5 } });
    leaf("list").edit("[3]");
    assert.deepEqual(form.read(), { payload: { a: 1, b: 2.5, list: [3] } });
  });

  it("is the value of its one field when the input is no object", () => {
    const { form, leaf } = createFormFixture(number);
    leaf().edit("7");
    assert.deepEqual(form.read(), { payload: 7 });
  });

  it("begins with an example of the whole input, before those of its fields", () => {
    const examples = [{ a: 1 }];
    const schema = {
      ...objectOf({ a: { ...number, examples: [2] }, b: { ...text, default: "x" } }, ["a"]),
      examples,
    };
    assert.deepEqual(createFormFixture(schema).form.read(), { payload: { a: 1, b: "x" } });
  });

  it("sends nothing where nothing is taken", () => {
    assert.deepEqual(createFormFixture({ $comment: "void" }).form.read(), { payload: undefined });
    assert.deepEqual(createFormFixture(objectOf({})).form.read(), { payload: {} });
  });

  it("is not sent while a field has a problem, and then the field says which", () => {
    const { form, leaf, problems } = createFormFixture(SUM);
    leaf("a").edit("1");
    assert.deepEqual(problems("b"), [], "the form was not sent yet");
    assert.deepEqual(form.read(), { invalid: true });
    assert.deepEqual(problems("b"), ["Give a number."]);
    leaf("b").edit("2");
    assert.deepEqual(problems("b"), []);
  });

  it("says what is wrong with JSON as it is typed", () => {
    const { leaf, problems } = createFormFixture(SUM);
    leaf("list").edit("[1,");
    assert.match(problems("list")[0] ?? "", /^Not JSON at line 1, column 4/);
    leaf("list").edit("[1]");
    assert.deepEqual(problems("list"), []);
  });

  it("shows an issue at its field until the field is edited", () => {
    const { form, issues, leaf, problems } = createFormFixture(SUM);
    issues.value = [
      { path: "a", message: "Too small" },
      { path: "list.0.n", message: "Not a number" },
      { path: "", message: "They do not go together" },
      { path: "ab", message: "Unknown" },
    ];
    assert.deepEqual(problems("a"), ["Too small"]);
    assert.deepEqual(problems("list"), ["0.n: Not a number"]);
    assert.deepEqual(form.otherIssues.value.map(({ path }) => path), ["", "ab"]);
    leaf("a").edit("5");
    assert.deepEqual(problems("a"), []);
    assert.deepEqual(problems("list"), ["0.n: Not a number"]);
    issues.value = [{ path: "a", message: "Too large" }];
    assert.deepEqual(problems("a"), ["Too large"]);
  });

  it("keeps what a newer schema still has a place for, files and secrets too", () => {
    const before = createFormFixture(objectOf({ a: number, b: number, f: FILE, gone: text }));
    before.leaf("a").edit("1");
    before.leaf("b").edit("2");
    before.leaf("gone").edit("x");
    before.leaf("f").write(new Uint8Array(2));
    const after = createFormFixture(
      objectOf({ a: { ...number, title: "First" }, b: text, f: FILE }),
      before.form,
    );
    assert.deepEqual(after.form.read(), { payload: { a: 1, f: new Uint8Array(2) } });
  });
});

describe("an object that can be left out", () => {
  const schema = objectOf({ o: objectOf({ n: { ...number, default: 5 } }) });

  it("is not there until it is wanted, and keeps what was in it", () => {
    const { form, object, leaf } = createFormFixture(schema);
    assert.deepEqual(form.read(), { payload: {} });
    object("o").given.value = true;
    assert.deepEqual(form.read(), { payload: { o: { n: 5 } } });
    leaf("o", "n").edit("6");
    object("o").given.value = false;
    assert.deepEqual(form.read(), { payload: {} });
    object("o").given.value = true;
    assert.deepEqual(form.read(), { payload: { o: { n: 6 } } });
  });

  it("is as at first after it begins anew", () => {
    const { form, object, leaf } = createFormFixture(schema);
    object("o").given.value = true;
    leaf("o", "n").edit("6");
    form.reset();
    assert.deepEqual(form.read(), { payload: {} });
    object("o").given.value = true;
    assert.deepEqual(form.read(), { payload: { o: { n: 5 } } });
  });

  it("takes from its own default over those of its fields", () => {
    const inner = { ...objectOf({ n: { ...number, default: 5 }, m: { ...number, default: 7 } }) };
    const { form } = createFormFixture(objectOf({ o: { ...inner, default: { n: 6 } } }));
    assert.deepEqual(form.read(), { payload: { o: { n: 6, m: 7 } } });
  });
});

describe("a list", () => {
  const schema = objectOf({ l: { type: "array", items: number } }, ["l"]);

  it("grows, shrinks and is put in order, each item with what was typed", () => {
    const { form, list, leaf } = createFormFixture(schema);
    for (const value of ["1", "2", "3"]) {
      list("l").add();
      leaf("l", list("l").rows.value.length - 1).edit(value);
    }
    list("l").move(2, 0);
    assert.deepEqual(form.read(), { payload: { l: [3, 1, 2] } });
    list("l").move(0, -1);
    list("l").move(2, 3);
    assert.deepEqual(form.read(), { payload: { l: [3, 1, 2] } });
    list("l").remove(1);
    assert.deepEqual(form.read(), { payload: { l: [3, 2] } });
  });

  it("has items that have fields, and lists within lists", () => {
    const people = {
      type: "array",
      items: objectOf({ tags: { type: "array", items: text } }, ["tags"]),
    };
    const { form, list, leaf, issues, problems } = createFormFixture(people);
    list().add();
    list().add();
    list(1, "tags").add();
    leaf(1, "tags", 0).edit("x");
    assert.deepEqual(form.read(), { payload: [{ tags: [] }, { tags: ["x"] }] });
    issues.value = [{ path: "1.tags.0", message: "Odd" }];
    assert.deepEqual(problems(1, "tags", 0), ["Odd"]);
  });

  it("shows issues at its items, and none once the items have changed", () => {
    const { issues, list, problems } = createFormFixture(schema);
    list("l").add();
    list("l").add();
    issues.value = [{ path: "l.1", message: "Odd" }, { path: "l", message: "Too long" }];
    assert.deepEqual([problems("l"), problems("l", 0), problems("l", 1)], [
      ["Too long"],
      [],
      ["Odd"],
    ]);
    list("l").move(1, 0);
    assert.deepEqual([problems("l"), problems("l", 0), problems("l", 1)], [[], [], []]);
  });

  it("begins with as many items as there must be", () => {
    const { form } = createFormFixture({ type: "array", items: text, minItems: 2 });
    assert.deepEqual(form.read(), { payload: ["", ""] });
  });

  it("keeps the places of a tuple", () => {
    const rest = { type: "array", items: [text, number], additionalItems: number };
    const { form, list, leaf } = createFormFixture(rest);
    leaf(1).edit("1");
    list().add();
    leaf(2).edit("2");
    list().move(2, 1);
    assert.deepEqual(form.read(), { payload: ["", 1, 2] });
  });
});

describe("a record", () => {
  const schema = objectOf({ r: { type: "object", additionalProperties: number } }, ["r"]);

  it("has a name for each value, and refuses one that is there twice", () => {
    const { form, list, leaf, problems, issues } = createFormFixture(schema);
    list("r").add();
    list("r").rename(0, "one");
    leaf("r", "one").edit("1");
    list("r").add();
    leaf("r", "").edit("2");
    list("r").rename(1, "one");
    assert.deepEqual(form.read(), { invalid: true });
    assert.deepEqual(problems("r"), ['"one" is there twice.']);
    list("r").rename(1, "two.a");
    assert.deepEqual(form.read(), { payload: { r: { one: 1, "two.a": 2 } } });
    issues.value = [{ path: "r.two.a", message: "Odd" }];
    assert.deepEqual(problems("r", "two.a"), ["Odd"]);
  });
});

describe("a union", () => {
  const branch = (kind: string, n: JsonSchema) =>
    objectOf({ kind: { const: kind }, n }, ["kind", "n"]);
  const schema = objectOf({ u: { oneOf: [branch("a", number), branch("b", text)] } }, ["u"]);

  it("sends the selected branch, and keeps the input of the others", () => {
    const { form, union, leaf } = createFormFixture(schema);
    leaf("u", "n").edit("5");
    union("u").select(1);
    leaf("u", "n").edit("five");
    assert.deepEqual(form.read(), { payload: { u: { kind: "b", n: "five" } } });
    union("u").select(0);
    assert.deepEqual(form.read(), { payload: { u: { kind: "a", n: 5 } } });
  });

  it("shows issues in the selected branch, and those of what tells them apart beside it", () => {
    const { issues, problems, union } = createFormFixture(schema);
    issues.value = [{ path: "u.n", message: "Odd" }, { path: "u.kind", message: "Neither" }];
    assert.deepEqual(problems("u", "n"), ["Odd"]);
    assert.deepEqual(union("u").branch.value?.problems.value, ["kind: Neither"]);
  });

  it("takes the branch that a value is of", () => {
    const { form, union } = createFormFixture(schema);
    form.fill({ u: { kind: "b", n: 7 } });
    assert.equal(union("u").selected.value, 1, "by what tells them apart");
    assert.deepEqual(form.read(), { payload: { u: { kind: "b", n: 7 } } });
    form.fill({ u: "neither" });
    assert.deepEqual(form.read(), { payload: { u: "neither" } });
  });

  it("is nothing until something is chosen, where it can be left out", () => {
    const nullable = objectOf({ u: { anyOf: [text, { type: "null" }] } });
    const { form, union, leaf } = createFormFixture(nullable);
    assert.deepEqual(form.read(), { payload: {} });
    union("u").select(1);
    assert.deepEqual(form.read(), { payload: { u: null } });
    union("u").select(0);
    leaf("u").edit("x");
    assert.deepEqual(form.read(), { payload: { u: "x" } });
  });
});

const FILE = { type: "string", format: "binary" };

describe("a file field", () => {
  const schema = objectOf({ file: FILE }, ["file"]);
  const fileOf = (name: string, read: () => Promise<number[]>, size = 3) => ({
    name,
    size,
    arrayBuffer: async () => new Uint8Array(await read()).buffer,
  });

  it("gives the bytes of the file picked last", async () => {
    const { form, leaf } = createFormFixture(schema);
    const slow = Promise.withResolvers<number[]>();
    const first = leaf("file").pick(fileOf("slow", () => slow.promise));
    await leaf("file").pick(fileOf("fast", () => Promise.resolve([1, 2, 3])));
    slow.resolve([9]);
    await first;
    assert.deepEqual(form.read(), { payload: { file: new Uint8Array([1, 2, 3]) } });
    await leaf("file").pick(undefined);
    assert.deepEqual(form.read(), { invalid: true });
  });

  it("refuses a file that the gateway would not take, without reading it", async () => {
    const { leaf, problems } = createFormFixture(schema);
    await leaf("file").pick(fileOf("big", () => Promise.reject(new Error("was read")), 11));
    assert.deepEqual(problems("file"), ["big has 11 bytes; the gateway takes 10 bytes at most."]);
  });

  it("says why a file could not be read", async () => {
    const { leaf, problems } = createFormFixture(schema);
    await leaf("file").pick(fileOf("gone", () => Promise.reject(new Error("it changed"))));
    assert.deepEqual(problems("file"), ["gone could not be read: it changed"]);
  });
});
