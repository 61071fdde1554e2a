import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as v from "valibot";
import { createTestContext } from "./_testContext.ts";
import text from "./text.ts";

const { search, stats } = text.handlers;
const found = (payload: unknown) => Array.fromAsync(createTestContext().chunks(search, payload));

describe("text.stats", () => {
  it("measures a text as its reader would", async () => {
    assert.deepEqual(
      await createTestContext().result(stats, { text: "Héllo, wörld 👩‍🚀!\r\nBye\n" }),
      {
        lines: 2,
        words: 3,
        characters: 20,
        bytes: 33,
        longestLine: 19,
        readingSeconds: 1,
      },
    );
  });

  it("finds nothing in an empty text", async () => {
    assert.deepEqual(await createTestContext().result(stats, { text: "" }), {
      lines: 0,
      words: 0,
      characters: 0,
      bytes: 0,
      longestLine: 0,
      readingSeconds: 0,
    });
  });

  it("counts words of a language that puts no spaces between them", async () => {
    const { words } = await createTestContext().result(stats, { text: "今日は良い天気です" });
    assert.ok(words > 1, `${words} words`);
  });

  it("stops when it is cancelled", async () => {
    const controller = new AbortController();
    const context = createTestContext({ signal: controller.signal });
    const result = context.result(stats, { text: "word ".repeat(100_000) });
    controller.abort();
    await assert.rejects(result, { name: "AbortError" });
  });
});

describe("text.search", () => {
  const sample = "first\r\nA.B here\nAxB there\n\nlast a.b";

  it("takes the pattern as plain text unless it is told otherwise", async () => {
    assert.deepEqual(await found({ text: sample, pattern: "A.B" }), [
      { line: 2, column: 1, text: "A.B here" },
    ]);
  });

  it("ignores case when asked to", async () => {
    assert.deepEqual(await found({ text: sample, pattern: "a.b", ignoreCase: true }), [
      { line: 2, column: 1, text: "A.B here" },
      { line: 5, column: 6, text: "last a.b" },
    ]);
  });

  it("takes a regular expression, line by line", async () => {
    const lines = await found({ text: sample, pattern: "^A.B|st$", regex: true });
    assert.deepEqual(lines.map(({ line, column }) => [line, column]), [[1, 4], [2, 1], [3, 1]]);
  });

  it("finds plain text that begins with a digit or holds signs of its own", async () => {
    for (const pattern of ["9 lives", "\\d+", "(a|b)", "50 % off?", "x-y/z"]) {
      assert.equal((await found({ text: `… ${pattern} …`, pattern })).length, 1, pattern);
    }
  });

  it("refuses a broken regular expression by name", async () => {
    await assert.rejects(found({ text: sample, pattern: "(ab", regex: true }), (error: Error) => {
      assert.equal(Reflect.get(error, "code"), "INVALID_REQUEST");
      assert.match(error.message, /^The pattern "\(ab" is not a regular expression: /);
      return true;
    });
  });

  it("refuses an empty pattern", () => {
    assert.equal(v.is(search.input, { text: sample, pattern: "" }), false);
  });

  it("stops when it is cancelled", async () => {
    const context = createTestContext({ signal: AbortSignal.abort() });
    const lines = context.chunks(search, { text: "a\n".repeat(5_000), pattern: "b" });
    await assert.rejects(lines.next(), { name: "AbortError" });
  });
});
