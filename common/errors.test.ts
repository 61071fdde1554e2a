import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as v from "valibot";
import { BackendError, errorBody, RequestError, RETRYABLE, tooLarge } from "./errors.ts";
import { ErrorBody } from "./schemas/frames.ts";

describe("RequestError", () => {
  it("is retryable as its code says, unless it says so itself", () => {
    assert.equal(new RequestError("NO_WORKER", "None.").retryable, true);
    assert.equal(new RequestError("FORBIDDEN", "No.").retryable, false);
    assert.equal(new RequestError("FORBIDDEN", "No.", { retryable: true }).retryable, true);
    assert.equal(new RequestError("MY_OWN", "Ours.").retryable, false);
  });

  it("keeps its cause, and never lets it or its stack out", () => {
    const cause = new Error("host db7");
    const error = new RequestError("MY_OWN", "It failed.", { cause, details: { n: 1 } });
    assert.equal(error.cause, cause);
    assert.deepEqual(errorBody(error), {
      code: "MY_OWN",
      message: "It failed.",
      retryable: false,
      details: { n: 1 },
    });
  });

  it("has codes that the wire takes", () => {
    for (const code of Object.keys(RETRYABLE)) {
      v.parse(ErrorBody, errorBody(new RequestError(code, "…")));
    }
    v.parse(ErrorBody, errorBody(tooLarge("A chunk", 2, 1)));
  });
});

describe("BackendError", () => {
  it("is an error that says which request it was, also as data", () => {
    const where = { state: "queued", workers: 2, elapsedMs: 5 } as const;
    const body = { code: "TIMEOUT", message: "Late.", retryable: true, where };
    const error = new BackendError(body, "r");
    assert.ok(error instanceof Error && error instanceof RequestError);
    assert.equal(error.name, "BackendError");
    assert.deepEqual(JSON.parse(JSON.stringify(error)), { ...body, requestId: "r" });
  });
});
