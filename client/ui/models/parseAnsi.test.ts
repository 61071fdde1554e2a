import assert from "node:assert/strict";
import { it } from "node:test";
import { parseAnsi } from "./parseAnsi.ts";

const written = (text: string) =>
  parseAnsi(text).map(({ text, classes }) => classes === "" ? text : `<${classes}>${text}`);

it("finds colours and styles, and where they end", () => {
  const rows: [string, string[]][] = [
    ["plain", ["plain"]],
    ["\x1b[31mred\x1b[0m plain", ["<f1>red", " plain"]],
    ["\x1b[1;32;44mall\x1b[22mthin\x1b[39mno green\x1b[49mno blue", [
      "<bold f2 b4>all",
      "<f2 b4>thin",
      "<b4>no green",
      "no blue",
    ]],
    ["\x1b[93mbright\x1b[m", ["<f3>bright"]],
    ["\x1b[38;5;12mindexed\x1b[38;5;200mtoo many\x1b[48;2;1;2;3mtrue", [
      "<f4>indexed",
      "too many",
      "true",
    ]],
  ];
  for (const [text, pieces] of rows) assert.deepEqual(written(text), pieces);
});

it("drops every other escape, and leaves half of one as it is", () => {
  assert.deepEqual(written("\x1b[2K\x1b[1Ga\x1b]0;title\x07b\x1bMc"), ["a", "b", "c"]);
  assert.deepEqual(written("a\x1b[3"), ["a\x1b[3"]);
});
