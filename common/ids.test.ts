import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as v from "valibot";
import { createId, createIdSource } from "./ids.ts";
import { RequestId } from "./schemas/ids.ts";

describe("createId", () => {
  it("makes ids that may name a request, each of them once", () => {
    const ids = Array.from({ length: 1_000 }, createId);
    for (const id of ids) assert.ok(v.is(RequestId, id) && id.length === 21, id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("has sources whose ids may name a request too, and are those of no other", () => {
    const ids = [createIdSource(), createIdSource()].flatMap((next) =>
      Array.from({ length: 1_000 }, next)
    );
    for (const id of ids) assert.ok(v.is(RequestId, id), id);
    assert.equal(new Set(ids).size, ids.length);
  });
});
