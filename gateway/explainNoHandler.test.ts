import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Catalog } from "../common/schemas/catalog.ts";
import type { Frame } from "../common/schemas/frames.ts";
import { explainNoHandler } from "./explainNoHandler.ts";

const entry = { streams: false, idempotent: false, concurrency: 1, input: {}, output: {} };
const catalog: Catalog = {
  workers: [{ id: "w1", types: ["math.add", "math.primes"] }],
  plugins: [
    { name: "math", handlers: ["add", "primes"].map((key) => ({ ...entry, type: `math.${key}` })) },
    { name: "text", handlers: [] },
  ],
  broken: [{ file: "csv.ts", message: "Unexpected }" }],
};
const noHandler: Frame = {
  kind: "error",
  id: "1",
  code: "NO_HANDLER",
  message: "There is no handler.",
  retryable: false,
};
const explain = (type: string, { frame = noHandler, at = catalog } = {}) => {
  const explained = explainNoHandler(frame, { type, catalog: at });
  assert.ok(explained.kind === "error");
  return explained;
};

describe("explainNoHandler", () => {
  it("names the handlers of a plugin that is there", () => {
    assert.match(explain("math.sub").message, /"math\.sub".*math has: math\.add, math\.primes\./);
  });

  it("names the plugins, and the files that did not load, where the plugin is not there", () => {
    const { code, message } = explain("csv.read");
    assert.equal(code, "NO_HANDLER");
    assert.match(message, /Plugins online: math, text\. Did not load: csv\.ts\./);
  });

  it("makes it NO_WORKER, worth another try, while no worker is online", () => {
    const at: Catalog = { workers: [], plugins: [], broken: [] };
    const { code, retryable, message } = explain("math.add", { at });
    assert.deepEqual([code, retryable], ["NO_WORKER", true]);
    assert.match(message, /math\.add\. Start one: (deno task|bun run) worker\./);
  });

  it("leaves it as it is when a handler that is served failed with that of a nested call", () => {
    const frame = { ...noHandler, message: 'There is no handler "tax.rate".' };
    assert.equal(explain("math.add", { frame }).message, frame.message);
  });

  it("leaves every other frame as it is", () => {
    const frame: Frame = { ...noHandler, code: "TIMEOUT" };
    assert.equal(explain("math.sub", { frame }), frame);
    const end: Frame = { kind: "end", id: "1", seq: 0 };
    assert.equal(explainNoHandler(end, { type: "math.sub", catalog }), end);
  });
});
