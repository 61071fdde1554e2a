import assert from "node:assert/strict";
import { it } from "node:test";
import { createFakeStorage } from "./_fakeStorage.ts";
import { keepToken, readToken } from "./keptToken.ts";

it("keeps the token that was given last", () => {
  const storage = createFakeStorage();
  assert.equal(readToken(() => storage), undefined);
  keepToken(() => storage, "one");
  keepToken(() => storage, "two");
  assert.deepEqual(readToken(() => storage), { token: "two" });
});

it("does without where the browser allows no storage", () => {
  const forbidden = () => {
    throw new Error("SecurityError");
  };
  keepToken(forbidden, "one");
  assert.equal(readToken(forbidden), undefined);
});
