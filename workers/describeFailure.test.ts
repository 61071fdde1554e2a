import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeFailure } from "./describeFailure.ts";

const at = { file: "a.ts", path: "/plugins/a.ts" };
const withStack = (message: string, stack: string) => Object.assign(new Error(message), { stack });

describe("describeFailure", () => {
  it("finds the line in a message or a stack, as a path or as a URL", () => {
    const errors = [
      withStack("Unexpected token at file:///plugins/a.ts:7:3", ""),
      withStack("oops", "Error: oops\n  at /other/b.ts:1:1\n  at run (/plugins/a.ts:7:3)"),
    ];
    for (const error of errors) assert.equal(describeFailure(error, at).line, 7);
  });

  it("finds the line where Bun keeps it, beside the message", () => {
    const message = Object.assign(new Error("Expected ;"), { position: { line: 4 } });
    const error = new AggregateError([message], "2 errors");
    assert.deepEqual(describeFailure(error, at), { file: "a.ts", line: 4, message: "Expected ;" });
  });

  it("gives the first line that says something, and no path of this machine", () => {
    const error = withStack("\n  Cannot read /plugins/a.ts: gone\n  more", "");
    assert.deepEqual(describeFailure(error, at), {
      file: "a.ts",
      message: "Cannot read this file: gone",
    });
  });

  for (const thrown of [undefined, "text", 0, Object.create(null), new AggregateError([])]) {
    it(`makes a sentence of ${typeof thrown} that was thrown`, () => {
      const { file, line, message } = describeFailure(thrown, at);
      assert.deepEqual([file, line], ["a.ts", undefined]);
      assert.ok(message.length > 0);
    });
  }
});
