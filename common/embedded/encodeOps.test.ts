import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeOps } from "./decodeOps.ts";
import { encodeOps } from "./encodeOps.ts";

describe("encodeOps", () => {
  it("makes text of what has no bytes in it", () => {
    const ops = [{ op: "a", list: [1, null] }];
    assert.equal(encodeOps(ops), JSON.stringify(ops));
  });

  it("sends bytes as they are, alone in their buffer, and copies no others", () => {
    const all = new Uint8Array(1_000).fill(7);
    const shared = new Uint8Array(new SharedArrayBuffer(2)).fill(7);
    const parts = [all, all.subarray(10, 20), new Uint8Array(), shared];
    const [, ...sent] = encodeOps([{ parts }]) as [string, ...Uint8Array[]];
    for (const { buffer, byteLength } of sent) assert.equal(buffer.byteLength, byteLength);
    assert.deepEqual(sent.map(({ buffer }) => buffer === all.buffer), [true, false, false, false]);
    assert.deepEqual(decodeOps(encodeOps([{ parts }])), [{
      parts: parts.map((part) => part.slice()),
    }]);
  });

  it("tells whoever waits for what cannot be written, and sends the rest", () => {
    const detached = new Uint8Array(3);
    structuredClone(detached, { transfer: [detached.buffer] });
    const frame = { kind: "end", id: "1", seq: 0, data: detached };
    const ops = decodeOps(encodeOps([{ op: "frame", frame }, { op: "serve" }]));
    const [failed, other] = ops as [{ frame: Record<string, unknown> }, unknown];
    assert.deepEqual([failed.frame.kind, failed.frame.code], ["error", "INVALID_RESPONSE"]);
    assert.deepEqual(other, { op: "serve" });
  });
});

describe("decodeOps", () => {
  for (
    const strange of [["[[null],[[0]]]"], ["[[null],[[0]]]", "text"], ["[{},7]"], [7], [], [
      "[[],{}]",
    ]]
  ) {
    it(`makes nothing of ${JSON.stringify(strange)}`, () => {
      assert.deepEqual(decodeOps(strange), []);
    });
  }
});
