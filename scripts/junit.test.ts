import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { countCases } from "./junit.ts";

const deno = (cases: string) =>
  `<testsuites name="deno test" tests="9"><testsuite name="./a.test.ts">${cases}</testsuite></testsuites>`;
const ok = (name: string) => `<testcase name="${name}" classname="./a.test.ts">\n</testcase>`;
const bad = (name: string, text = "1 test step failed.") =>
  `<testcase name="${name}"><failure message="m">${text}</failure></testcase>`;
const skip = (name: string) => `<testcase name="${name}"><skipped/></testcase>`;

describe("countCases", () => {
  it("counts Deno's steps, not the blocks around them", () => {
    const xml = deno([
      bad("outer"),
      ok("alone"),
      ok("outer &gt; adds &lt;b&gt;"),
      skip("outer &gt; later"),
      bad("outer &gt; inner"),
      bad("outer &gt; inner &gt; breaks", "AssertionError"),
    ].join("\n"));
    assert.deepEqual(countCases(xml), {
      passed: 2,
      failed: ["outer > inner > breaks"],
      skipped: ["outer > later"],
    });
  });

  it("counts a block whose hook failed though its cases passed", () => {
    const xml = deno(bad("outer", "after broke") + ok("outer &gt; one"));
    assert.deepEqual(countCases(xml), { passed: 1, failed: ["outer"], skipped: [] });
  });

  it("counts a case that was under way when the runner stopped as failed", () => {
    const xml = deno(`<testcase name="one"><error message="Cancelled"/></testcase>`);
    assert.deepEqual(countCases(xml).failed, ["one"]);
  });

  it("counts every case of Bun's, which lists no blocks", () => {
    const xml = `<testsuites name="bun test" tests="4"><testsuite name="a.test.ts">
      <testsuite name="outer"><testcase name="one" classname="outer" time="0.1" />
      <testcase name="one &gt; more" classname="outer"><skipped /></testcase></testsuite>
      <testcase name="two"><failure type="AssertionError">1 &lt; 2</failure></testcase>
      </testsuite></testsuites>`;
    assert.deepEqual(countCases(xml), {
      passed: 1,
      failed: ["two"],
      skipped: ["one > more"],
    });
  });

  it("counts nothing in an empty report", () => {
    assert.deepEqual(countCases(""), { passed: 0, failed: [], skipped: [] });
  });
});
