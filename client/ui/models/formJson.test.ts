import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import { createFormFixture } from "./_formFixture.ts";

const text = { type: "string" };
const number = { type: "number" };
const file = { type: "string", format: "binary" };
const secret = { type: "string", secret: true };
const list = (items: JsonSchema) => ({ type: "array", items });
const EVERYTHING: JsonSchema = {
  type: "object",
  properties: {
    a: text,
    b: { type: "boolean" },
    n: number,
    file,
    secret,
    list: list(number),
    files: list(file),
    pair: { type: "array", items: [text, number], minItems: 2 },
    record: { type: "object", additionalProperties: number },
    either: { anyOf: [number, list(text), { type: "null" }] },
    inner: { type: "object", properties: { a: text, choice: { enum: ["x", 1] } }, required: [] },
    any: {},
  },
  required: ["n"],
};

describe("a form as JSON", () => {
  it("takes any value and gives it back, whatever its fields are made for", () => {
    const keys = fc.constantFrom(...Object.keys(EVERYTHING.properties ?? {}), "other", "0");
    const values = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: "small" }, tie("leaf"), tie("list"), tie("object")),
      leaf: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constantFrom(null, "x", "")),
      list: fc.array(tie("value"), { maxLength: 3 }),
      object: fc.dictionary(keys, tie("value"), { maxKeys: 5, noNullPrototype: true }),
    })).value;
    fc.assert(fc.property(fc.array(values, { minLength: 1, maxLength: 3 }), (inputs) => {
      const { form } = createFormFixture(EVERYTHING);
      form.toggleJson();
      for (const input of inputs) {
        form.editJson(JSON.stringify(input));
        form.toggleJson();
        form.toggleJson();
        assert.deepEqual(form.held.parse(form.json.value ?? "").value, input);
        assert.deepEqual(form.read(), { payload: input });
      }
    }));
  });

  it("changes nothing by being looked at, not even what is wrong or bytes or secret", () => {
    const { form, leaf, list, at, union } = createFormFixture(EVERYTHING);
    const bytes = new Uint8Array(3);
    leaf("n").edit("many");
    leaf("secret").edit("hunter2");
    leaf("any").edit("{ not yet");
    leaf("file").write(bytes);
    list("list").add();
    list("list").add();
    leaf("list", 1).edit("1.50");
    union("either").select(1);
    const rows = list("list").rows.value;
    form.toggleJson();
    assert.doesNotMatch(form.json.value ?? "", /hunter2/);
    assert.match(form.json.value ?? "", /3 bytes/);
    form.editJson(`${form.json.value} `);
    form.toggleJson();
    assert.deepEqual(
      [leaf("n").text.value, leaf("secret").text.value, leaf("any").text.value],
      ["many", "hunter2", "{ not yet"],
    );
    assert.equal(leaf("file").file.value?.bytes, bytes);
    assert.equal(leaf("list", 1).text.value, "1.50");
    assert.deepEqual(list("list").rows.value.map(({ model }) => model), rows.map((r) => r.model));
    assert.equal(at("n").misfit.value, undefined);
  });

  it("leaves nothing in the places of a tuple that is taken out of it", () => {
    const pair = { type: "array", items: [text, number], minItems: 2 };
    const { form, leaf } = createFormFixture({
      ...EVERYTHING,
      properties: { pair },
      required: ["pair"],
    });
    form.fill({ pair: ["a", 1] });
    form.toggleJson();
    form.editJson("{}");
    form.toggleJson();
    assert.deepEqual([leaf("pair", 0).text.value, leaf("pair", 1).text.value], ["", ""]);
  });

  it("is sent as it stands, with bytes and secrets in it", () => {
    const { form, leaf } = createFormFixture(EVERYTHING);
    leaf("secret").edit("hunter2");
    leaf("file").write(new Uint8Array(3));
    form.toggleJson();
    const shown = JSON.parse(form.json.value ?? "");
    form.editJson(JSON.stringify({ ...shown, n: "no number" }));
    assert.deepEqual(form.read(), {
      payload: { secret: "hunter2", file: new Uint8Array(3), n: "no number" },
    });
  });

  it("stays JSON while it is none, and says where", () => {
    const { form } = createFormFixture(EVERYTHING);
    form.toggleJson();
    form.editJson('{\n  "n": }');
    form.toggleJson();
    assert.equal(form.json.value, '{\n  "n": }');
    assert.match(form.jsonProblems.value[0] ?? "", /line 2, column 8/);
    assert.deepEqual(form.read(), { invalid: true });
    form.editJson("");
    assert.deepEqual(form.read(), { payload: undefined });
  });

  it("shows what the worker has against it until it is edited", () => {
    const { form, issues } = createFormFixture(EVERYTHING);
    form.toggleJson();
    issues.value = [{ path: "n", message: "Too small" }];
    assert.deepEqual(form.jsonProblems.value, ["n: Too small"]);
    form.editJson('{"n": 5}');
    assert.deepEqual(form.jsonProblems.value, []);
  });

  it("puts a value that fits no control into a field of JSON, which goes when it begins anew", () => {
    const { form, at } = createFormFixture(EVERYTHING);
    form.fill({ n: { odd: true } });
    const misfit = at("n").misfit.value;
    assert.match(misfit?.field.notice ?? "", /does not fit/);
    assert.deepEqual(form.read(), { payload: { n: { odd: true } } });
    at("n").reset();
    assert.equal(at("n").misfit.value, undefined);
  });
});

describe("what is stored of a form", () => {
  it("has neither secrets nor bytes, wherever they stand", () => {
    const { form, leaf, list: listAt } = createFormFixture({
      type: "object",
      properties: {
        secret,
        secrets: { ...list(text), secret: true },
        files: list(file),
        record: { type: "object", additionalProperties: secret },
        either: { anyOf: [secret, { type: "null" }] },
        any: {},
        n: number,
        plain: text,
      },
    });
    form.fill({
      secret: "s1",
      secrets: ["s2"],
      files: [new Uint8Array(1)],
      record: { a: "s3" },
      either: "s4",
      any: "s5",
      n: "s6",
      plain: "seen",
      unknown: "s7",
    });
    assert.deepEqual(JSON.parse(form.stored.value), { files: [null], record: {}, plain: "seen" });
    leaf("plain").edit("");
    listAt("files").remove(0);
    assert.deepEqual(JSON.parse(form.stored.value), { files: [], record: {} });
  });

  it("has all else, what no field is for too", () => {
    const { form } = createFormFixture({ type: "object", properties: { n: number } });
    form.fill({ n: "odd", unknown: [1] });
    assert.equal(form.stored.value, '{"n":"odd","unknown":[1]}');
  });
});
