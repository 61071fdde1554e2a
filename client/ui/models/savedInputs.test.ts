import assert from "node:assert/strict";
import { it } from "node:test";
import { createFakeStorage } from "./_fakeStorage.ts";
import { createSavedInputs } from "./savedInputs.ts";

it("keeps the last 20 different inputs of a handler, the newest first", () => {
  const storage = createFakeStorage();
  const saved = createSavedInputs(() => storage, "p");
  for (let n = 0; n < 25; n++) saved.addRun("a.b", `${n}`);
  saved.addRun("a.b", "10");
  saved.addRun("a.c", "x");
  const kept = createSavedInputs(() => storage, "p").runs("a.b").map(({ json }) => json);
  assert.deepEqual(kept.slice(0, 3), ["10", "24", "23"]);
  assert.equal(kept.length, 20);
  assert.equal(new Set(kept).size, 20);
  assert.deepEqual(createSavedInputs(() => storage, "other").runs("a.b"), []);
});

it("keeps a draft until it is taken back, with the link it came from", () => {
  const saved = createSavedInputs(createFakeStorage, "p");
  saved.setDraft("a.b", { json: "1" });
  assert.equal(saved.draft("a.b"), undefined, "each storage was another");
  const storage = createFakeStorage();
  const lasting = createSavedInputs(() => storage, "p");
  lasting.setDraft("a.b", { json: "1", link: "2" });
  assert.deepEqual(lasting.draft("a.b"), { json: "1", link: "2" });
  lasting.setDraft("a.b", undefined);
  assert.equal(lasting.draft("a.b"), undefined);
});

it("does without what is too large, full, forbidden, or not its own", () => {
  const storage = createFakeStorage();
  const saved = createSavedInputs(() => storage, "p");
  saved.addRun("a.b", "x".repeat(100_001));
  saved.setDraft("a.b", { json: "x".repeat(100_001) });
  assert.deepEqual([saved.runs("a.b"), saved.draft("a.b")], [[], undefined]);
  storage.setItem("p runs a.b", '[{"at":"no"}]');
  storage.setItem("p draft a.b", "{");
  assert.deepEqual([saved.runs("a.b"), saved.draft("a.b")], [[], undefined]);
  const forbidden = createSavedInputs(() => {
    throw new Error("SecurityError");
  }, "p");
  forbidden.addRun("a.b", "1");
  assert.deepEqual(forbidden.runs("a.b"), []);
});
