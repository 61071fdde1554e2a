import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bytes } from "plugboard";
import * as v from "valibot";
import { takeFiles } from "./takeFiles.ts";

const content = new Uint8Array([1, 2, 3]);
const taken = (schema: v.GenericSchema, input: unknown): unknown => {
  const { success, output, issues } = v.safeParse(takeFiles(schema), input);
  return success ? output : issues.map((issue) => v.getDotPath(issue));
};

/** Everything in a value that is a file or a blob. */
const blobsIn = (value: unknown): Blob[] =>
  value instanceof Blob
    ? [value]
    : typeof value === "object" && value !== null
    ? Object.values(value).flatMap(blobsIn)
    : [];

describe("takeFiles", () => {
  it("makes the files of an input of bytes, wherever they are", async () => {
    type Folder = { file?: File; within: Folder[] };
    const folder: v.GenericSchema<Folder> = v.object({
      file: v.optional(v.pipe(v.file(), v.maxSize(10))),
      within: v.array(v.lazy(() => folder)),
    });
    const kinds = v.variant("kind", [v.object({ kind: v.literal("a"), f: v.file() })]);
    const inputs: [v.GenericSchema, unknown][] = [
      [v.file(), content],
      [v.object({ a: v.nullable(v.file()) }), { a: content }],
      [v.object({ a: v.nonOptional(v.optional(v.file())) }), { a: content }],
      [v.record(v.string(), v.array(v.file())), { k: [content] }],
      [v.tuple([v.string(), v.file()]), ["", content]],
      [v.union([v.string(), v.file()]), content],
      [kinds, { kind: "a", f: content }],
      [folder, { within: [{ file: content, within: [] }] }],
    ];
    for (const [schema, input] of inputs) {
      const [file, ...more] = blobsIn(taken(schema, input));
      assert.ok(file instanceof File && more.length === 0);
      assert.deepEqual(new Uint8Array(await file.arrayBuffer()), content);
    }
    const [blob] = blobsIn(taken(v.blob(), content));
    assert.equal(blob?.size, 3);
  });

  it("leaves bytes that are meant to be, and finds fault where the schema does", () => {
    const mixed = v.object({ a: bytes(), b: v.optional(v.file()) });
    assert.deepEqual(taken(mixed, { a: content }), { a: content });
    const own = v.custom<Uint8Array>((value) => value instanceof Uint8Array);
    const either = v.variant("k", [
      v.object({ k: v.literal("a"), f: own }),
      v.object({ k: v.literal("b"), f: v.file() }),
    ]);
    assert.deepEqual(taken(either, { k: "a", f: content }), { k: "a", f: content });
    const small = v.object({ list: v.array(v.pipe(v.file(), v.maxSize(2))) });
    assert.deepEqual(taken(small, { list: [content] }), ["list.0"]);
    assert.deepEqual(taken(v.file(), "no file"), [null]);
  });

  it("gives back a schema without files as it is", () => {
    const schema = v.object({ a: bytes(), b: v.date() });
    assert.equal(takeFiles(schema), schema);
  });
});
