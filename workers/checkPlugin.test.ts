import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as v from "valibot";
import { checkPlugin } from "./checkPlugin.ts";

const handle = () => null;
const run = { input: v.unknown(), output: v.null(), handle };
const plugin = (more: object = {}, handler: object = {}) => ({
  name: "a",
  handlers: { run: { ...run, ...handler } },
  ...more,
});

describe("checkPlugin", () => {
  it("gives the very object that was exported, hidden state and all", () => {
    const exported = plugin({ counter: 1, setup() {} }, { idempotent: true, timeoutMs: 5 });
    assert.equal(checkPlugin(exported), exported);
  });

  const faults: [string, unknown, RegExp][] = [
    ["nothing", undefined, /^default export: must be a plugin.*not undefined\.$/],
    ["null", null, /must be a plugin.*not null/],
    [
      "no name",
      plugin({ name: undefined }),
      /default export · name: must be 1 to 64 letters.*not undefined/,
    ],
    ["a name with a dot", plugin({ name: "a.b" }), /name: must be 1 to 64 letters.*not "a\.b"/],
    ["a name that is too long", plugin({ name: "a".repeat(65) }), /name: must be 1 to 64/],
    ["no handlers", plugin({ handlers: undefined }), /default export · handlers/],
    ["an empty list of them", plugin({ handlers: {} }), /handlers: must have at least one handler/],
    [
      "a handler that is a function",
      plugin({ handlers: { run: handle } }),
      /handlers\.run.*handler\(/,
    ],
    [
      "a handler under a bad name",
      plugin({ handlers: { "a.b": run } }),
      /its name must be 1 to 64.*"a\.b"/,
    ],
    [
      "a handler named constructor that is none",
      plugin({ handlers: { run, constructor: null } }),
      /handlers/,
    ],
    ["no input", plugin({}, { input: undefined }), /run\.input: .*schema/],
    [
      "a schema that is none",
      plugin({}, { output: { type: "null" } }),
      /run\.output: must be a Valibot schema/,
    ],
    [
      "a schema that is async",
      plugin({}, { input: v.pipeAsync(v.string(), v.checkAsync(() => Promise.resolve(true))) }),
      /run\.input: .*not async/,
    ],
    [
      "neither output nor chunk",
      plugin({}, { output: undefined }),
      /run: must have either `output`/,
    ],
    ["both output and chunk", plugin({}, { chunk: v.null() }), /run: must have either `output`/],
    ["no handle", plugin({}, { handle: 7 }), /run\.handle: must be a function, not 7/],
    ["no concurrency at all", plugin({}, { concurrency: 0 }), /concurrency: .*1 to 10000, not 0/],
    ["half a millisecond", plugin({}, { timeoutMs: 0.5 }), /timeoutMs: .*whole number.*not 0\.5/],
    ["a setup that is no function", plugin({ setup: true }), /setup: must be a function, not true/],
  ];
  for (const [what, exported, message] of faults) {
    it(`says where and why it refuses ${what}`, () =>
      assert.throws(() => checkPlugin(exported), (error: Error) => {
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      }));
  }

  it("names several faults at once", () => {
    assert.throws(
      () => checkPlugin(plugin({ title: 1 }, { timeoutMs: -1 })),
      /title.*; .*timeoutMs/,
    );
  });
});
