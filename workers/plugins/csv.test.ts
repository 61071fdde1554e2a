import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as v from "valibot";
import { createTestContext } from "./_testContext.ts";
import csv from "./csv.ts";

const { summarise } = csv.handlers;

const run = async (text: string | Uint8Array, options = {}) => {
  const file = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const context = createTestContext();
  const columns = await Array.fromAsync(context.chunks(summarise, { file, ...options }));
  return { columns, ...context };
};

const refuses = (text: string | Uint8Array, message: RegExp) =>
  assert.rejects(run(text), { code: "INVALID_REQUEST", message });

describe("csv.summarise", () => {
  it("tells the type of each column, and what numbers and dates range over", async () => {
    const { columns } = await run(
      "id,when,paid,note,code,none\n" +
        "1,2024-02-01,true,a,007,\n" +
        "-2.5,2023-12-31T10:00Z,no,2,010,\n" +
        "3e1,2024-01-05,FALSE,a,,  \n",
    );
    assert.deepEqual(columns.map(({ column, type }) => `${column}: ${type}`), [
      "id: number",
      "when: date",
      "paid: boolean",
      "note: text",
      "code: text",
      "none: empty",
    ]);
    const [id, when, , note, code, none] = columns;
    assert.deepEqual(id, {
      column: "id",
      type: "number",
      count: 3,
      empty: 0,
      distinct: 3,
      min: -2.5,
      max: 30,
      mean: 9.5,
      examples: ["1", "-2.5", "3e1"],
      raggedRows: 0,
      raggedLines: [],
    });
    assert.deepEqual([when?.min, when?.max], ["2023-12-31T10:00Z", "2024-02-01"]);
    assert.deepEqual([note?.distinct, note?.examples, note?.min], [2, ["a", "2"], undefined]);
    assert.deepEqual([code?.count, code?.empty], [2, 1]);
    assert.deepEqual([none?.count, none?.empty, none?.distinct], [0, 3, 0]);
  });

  it("reads quotes, doubled quotes, line breaks in fields, CRLF, a byte order mark", async () => {
    const { columns } = await run('\ufeff"a","b, c"\r\n"say ""hi""","two\r\nlines"\r\n5" nail,é😀');
    assert.deepEqual(columns.map(({ column, examples }) => [column, ...examples]), [
      ["a", 'say "hi"', '5" nail'],
      ["b, c", "two\r\nlines", "é😀"],
    ]);
  });

  it("reads characters that lie across two reads", async () => {
    const rows = 30_000;
    const { columns, fractions } = await run("é,😀\n" + "ü,漢😀字\n".repeat(rows));
    assert.deepEqual(columns.map(({ distinct, examples }) => [distinct, ...examples]), [
      [1, "ü"],
      [1, "漢😀字"],
    ]);
    assert.ok(fractions.length > 3, "more than one read");
    assert.deepEqual(fractions, fractions.toSorted());
    assert.equal(fractions.at(-1), 1);
  });

  it("reports ragged rows by the line they begin at and goes on", async () => {
    const { columns, warnings } = await run('a,b\n"x\r\ny\nz",2\n\n3,4,5\n6\n7,8\n');
    assert.deepEqual(warnings, [
      "Line 6: expected 2 fields, found 3.",
      "Line 7: expected 2 fields, found 1.",
    ]);
    assert.deepEqual(columns.map((column) => [column.count, column.empty, column.raggedLines]), [
      [4, 0, [6, 7]],
      [3, 1, [6, 7]],
    ]);
  });

  it("does not warn of every row of a file that is ragged throughout", async () => {
    const { columns, warnings } = await run("a,b\n" + "1\n".repeat(1_000));
    assert.equal(warnings.length, 20);
    assert.equal(columns[0]?.raggedRows, 1_000);
    assert.equal(columns[0]?.raggedLines.length, 20);
  });

  it("names the line where a quote was opened and never closed", async () => {
    await refuses(
      'a,b\n"x\r\ny",2\n3,"open\n' + "4,5\n".repeat(50_000),
      /^A quote in the row that begins at line 4 is never closed\.$/,
    );
  });

  it("names the line that is not UTF-8", async () => {
    const bytes = new TextEncoder().encode("a,b\né,2\n3,?\n");
    await refuses(bytes.map((byte) => byte === 63 ? 0xe9 : byte), /^Line 3 is not UTF-8\.$/);
  });

  it("names columns by number where the file does not", async () => {
    const { columns } = await run("1;2\n3;4", { header: false, delimiter: ";" });
    assert.deepEqual(columns.map(({ column, max }) => [column, max]), [
      ["column 1", 3],
      ["column 2", 4],
    ]);
    assert.equal((await run("a,,c\n")).columns[1]?.column, "column 2");
  });

  it("has nothing to say of an empty file", async () => {
    assert.deepEqual((await run("")).columns, []);
    assert.deepEqual((await run("\ufeff\n\n")).columns, []);
  });

  it("bounds what it keeps of many values, long values and many columns", async () => {
    const rows = Array.from({ length: 3_000 }, (_, i) => `${i},${"x".repeat(200)}`);
    const [id, long] = (await run("id,long\n" + rows.join("\n"))).columns;
    assert.deepEqual([id?.distinct, id?.count], [1_000, 3_000]);
    assert.equal(long?.examples[0]?.length, 80);
    await refuses(",".repeat(1_000), /^The file has 1001 columns; at most 1000 are summarised\.$/);
  });

  it("takes no number for one that JSON cannot write", async () => {
    assert.equal((await run("n\n1e999\n")).columns[0]?.type, "text");
  });

  it("stops when it is cancelled", async () => {
    const file = new TextEncoder().encode("1,2\n".repeat(500_000));
    const controller = new AbortController();
    const context = createTestContext({ signal: controller.signal });
    const first = context.chunks(summarise, { file }).next();
    setImmediate(() => controller.abort());
    await assert.rejects(first, { name: "AbortError" });
    assert.ok(context.fractions.length < 15, `${context.fractions.length} reads`);
  });

  it("takes only bytes for a file", () => {
    assert.equal(v.is(summarise.input, { file: "a,b" }), false);
  });
});
