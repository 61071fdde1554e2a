import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lazily } from "./lazily.ts";

describe("lazily", () => {
  it("makes its value when it is first asked for, and once, be it undefined", () => {
    let made = 0;
    const value = lazily(() => void made++);
    assert.equal(made, 0);
    assert.deepEqual([value(), value(), made], [undefined, undefined, 1]);
  });
});
