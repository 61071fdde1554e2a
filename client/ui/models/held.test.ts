import assert from "node:assert/strict";
import { it } from "node:test";
import { createHeld } from "./held.ts";

it("puts a text in place of bytes, and the very bytes back in place of the text", () => {
  const held = createHeld();
  const bytes = new Uint8Array(3);
  held.setName(bytes, "a.csv");
  const json = held.write({ files: [bytes, new Uint8Array(1), bytes] });
  assert.match(json, /⟨1: a\.csv, 3 bytes⟩/);
  const { value } = held.parse(json);
  const { files } = value as { files: unknown[] };
  assert.ok(files[0] === bytes && files[2] === bytes);
  assert.deepEqual(files[1], new Uint8Array(1));
});

it("hides a secret under a text that says nothing of it", () => {
  const held = createHeld();
  const text = held.hide("hunter2", "secret");
  assert.doesNotMatch(text, /hunter2/);
  assert.deepEqual(held.parse(JSON.stringify([text, "⟨2: secret⟩"])).value, [
    "hunter2",
    "⟨2: secret⟩",
  ]);
});
