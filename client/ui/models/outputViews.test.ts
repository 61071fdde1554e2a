import assert from "node:assert/strict";
import { it } from "node:test";
import { chartData } from "./chartData.ts";
import { columnWidths } from "./columnWidths.ts";
import { exportOutput, joinText } from "./exportOutput.ts";
import { linkOf } from "./linkOf.ts";
import { outputShape } from "./outputShape.ts";
import { isWhole, outputViews } from "./outputViews.ts";
import { rowWindow } from "./rowWindow.ts";
import { sniffBytes } from "./sniffBytes.ts";
import { sortRows } from "./sortRows.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

it("shows strings as Markdown where the schema says so, and a lone object as a tree", () => {
  const lines = { kind: "lines" } as const;
  const table = { kind: "table", columns: ["a"] } as const;
  assert.equal(outputViews(lines, { schema: {}, isOne: false })[0], "Text");
  for (const schema of [{ format: "markdown" }, { contentMediaType: "text/markdown" }]) {
    assert.equal(outputViews(lines, { schema, isOne: false })[0], "Markdown");
  }
  assert.equal(outputViews(table, { schema: {}, isOne: true })[0], "Tree");
  assert.equal(outputViews(table, { schema: {}, isOne: false })[0], "Table");
  assert.ok(isWhole({ contentMediaType: "text/plain" }));
  assert.ok(!isWhole({ format: "markdown" }));
});

it("joins strings as lines, or as the parts of one text", () => {
  assert.equal(joinText(["a", "b\n", "c"], false), "a\nb\nc\n");
  assert.equal(joinText(["a", "b\n", "c"], true), "ab\nc");
  assert.equal(joinText(["a"], false), "a");
});

it("writes a file in the form that is shown", () => {
  const rows = [{ a: 1, b: 'x "y", z' }, { a: null, c: [1, 2] }, { b: new Uint8Array([1, 2]) }];
  const written = (values: unknown[], view: Parameters<typeof exportOutput>[1]["view"]) =>
    exportOutput(values, {
      view,
      columns: ["a", "b", "c"],
      isWhole: false,
      isOne: values.length === 1,
    });
  assert.deepEqual(
    written(rows.slice(0, 2), "Table").parts,
    ['a,b,c\r\n1,"x ""y"", z",\r\n,,"[1,2]"\r\n'],
  );
  assert.deepEqual(JSON.parse(String(written([rows[2]], "Tree").parts[0])), { b: "AQI=" });
  assert.equal(JSON.parse(String(written(rows, "Tree").parts[0])).length, 3);
  assert.deepEqual(written([1, 2], "Numbers").parts, ["1\n2\n"]);
  const bytes = [bytesOf("GIF89a"), bytesOf("more")];
  const file = written(bytes, "Bytes");
  assert.deepEqual([file.parts, file.extension], [bytes, "gif"]);
});

it("knows pictures by how they begin", () => {
  const rows: [string, string][] = [
    ["\x89PNG\r\n\x1a\n…", "png"],
    ["\xff\xd8\xff\xe0", "jpeg"],
    ["GIF89a", "gif"],
    ["RIFF\0\0\0\0WEBPVP8 ", "webp"],
    ['<?xml version="1.0"?>\n<!-- by hand -->\n<svg xmlns="x">', "svg"],
    ["<svgx>", "bin"],
    ["%PDF-1.7", "bin"],
    ["", "bin"],
  ];
  for (const [text, extension] of rows) {
    assert.equal(sniffBytes(bytesOf(text)).extension, extension, text);
  }
});

it("makes links of addresses alone, and only of http and https", () => {
  assert.equal(linkOf("https://x.org/a?b"), "https://x.org/a?b");
  for (const text of ["see https://x.org", "javascript:alert(1)", "http://", "ftp://x.org"]) {
    assert.equal(linkOf(text), undefined);
  }
});

it("sorts rows by a column, what is missing last, and keeps the order of equals", () => {
  const rows = [{ a: 10 }, { a: 9 }, {}, { a: "x" }, { a: 9 }, { a: null }];
  const sorted = (descending: boolean) => [...sortRows(rows, { column: "a", descending })];
  assert.deepEqual(sorted(false), [1, 4, 0, 3, 2, 5]);
  assert.deepEqual(sorted(true), [3, 0, 1, 4, 2, 5]);
});

it("sorts 100,000 rows in a moment", () => {
  const rows = Array.from({ length: 100_000 }, (_, n) => ({ a: (n * 7_919) % 100_003 }));
  const startedAt = performance.now();
  const order = sortRows(rows, { column: "a", descending: false });
  assert.ok(performance.now() - startedAt < 2_000);
  assert.equal(rows[order[0]!]?.a, 0);
});

it("draws the rows in view, and a few around them", () => {
  const scroll = { height: 300, rowHeight: 30 };
  assert.deepEqual(rowWindow(1_000, { ...scroll, top: 0 }), [0, 22]);
  assert.deepEqual(rowWindow(1_000, { ...scroll, top: 3_000 }), [88, 122]);
  assert.deepEqual(rowWindow(1_000, { ...scroll, top: Infinity }), [978, 1_000]);
  assert.deepEqual(rowWindow(5, { ...scroll, top: 900 }), [0, 5]);
});

it("makes columns as wide as what is in them, within bounds", () => {
  assert.deepEqual(columnWidths([{ a: 1, b: "x".repeat(100) }], ["a", "b"]), [9, 40]);
});

it("finds lines to draw in numbers, and in flat objects of numbers with a time", () => {
  const data = (values: unknown[]) => chartData(values, { shape: outputShape(values), first: 5 });
  assert.deepEqual(data([1, 2, null]), {
    xs: [5, 6, 7],
    isTime: false,
    series: [{ name: "", ys: [1, 2, null] }],
  });
  const time = "2026-01-01T00:00:00Z";
  const stats = data([{ time, cpu: 0.5 }, { time, cpu: 0.25 }]);
  assert.equal(stats?.isTime, true);
  assert.equal(stats?.xs[0], Date.parse(time) / 1_000);
  assert.deepEqual(stats?.series, [{ name: "cpu", ys: [0.5, 0.25] }]);
  for (
    const values of [[1], [true, false], [{ a: "x" }, { a: "y" }], [{ time: "x", a: 1 }, { a: 2 }]]
  ) {
    assert.equal(data(values), undefined);
  }
});
