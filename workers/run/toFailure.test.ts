import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as v from "valibot";
import { BackendError, RequestError } from "../../common/errors.ts";
import { createLogger } from "../../common/logger.ts";
import { ErrorBody } from "../../common/schemas/frames.ts";
import { toFailure } from "./toFailure.ts";

const fail = (thrown: unknown) => {
  const lines: string[] = [];
  // As text, which is what a terminal gets.
  const log = createLogger({ format: "text", write: (line) => lines.push(line) });
  return { body: toFailure(thrown, { type: "a.b", log }), text: lines.join("\n") };
};

describe("toFailure", () => {
  it("passes on a failure that is meant for the caller, without where a nested call stood", () => {
    const where = { state: "running", worker: "w2" } as const;
    const body = { code: "GONE", message: "It is gone.", retryable: true, details: { n: 1 } };
    assert.deepEqual(fail(new BackendError({ ...body, where }, "r.1")).body, body);
  });

  it("gives of any other only a reference, which leads to it in the log", () => {
    const cause = new TypeError("the cause");
    const { body, text } = fail(new Error("host db7 refused", { cause }));
    assert.equal(body.code, "HANDLER_FAILED");
    assert.doesNotMatch(JSON.stringify(body), /db7|cause/);
    const { reference } = body.details as { reference: string };
    assert.ok(body.message.includes(reference) && text.includes(reference));
    assert.match(text, /db7[\s\S]*the cause/);
  });

  it("leaves out details that cannot be sent or are too large", () => {
    for (const details of [1n, { f() {} }, "x".repeat(70_000)]) {
      assert.equal(
        fail(new RequestError("GONE", "It is gone.", { details })).body.details,
        undefined,
      );
    }
  });

  const odd: [string, () => unknown][] = [
    ["undefined", () => undefined],
    ["a symbol", () => Symbol("s")],
    ["an object that has no text", () => Object.create(null)],
    ["an error that is its own cause", () => {
      const error = new Error("round and round");
      error.cause = error;
      return error;
    }],
    ["a failure whose code the wire refuses", () => new RequestError("not-found", "None.")],
  ];
  for (const [what, make] of odd) {
    it(`makes something that can be sent of ${what}`, () => {
      const { body } = fail(make());
      assert.ok(v.is(ErrorBody, body), JSON.stringify(body));
      assert.equal(body.code, "HANDLER_FAILED");
    });
  }
});
