import assert from "node:assert/strict";
import { it } from "node:test";
import { shortcutOf } from "./shortcuts.ts";

const press = (key: string, more: object = {}, target: object = {}) =>
  shortcutOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...more }, target);

it("takes Ctrl or Cmd with K and Enter, and no other modifier", () => {
  for (const mod of ["ctrlKey", "metaKey"]) {
    assert.equal(press("k", { [mod]: true }), "find");
    assert.equal(press("K", { [mod]: true }), "find");
    assert.equal(press("Enter", { [mod]: true }), "run");
    assert.equal(press("Enter", { [mod]: true, altKey: true }), undefined);
    assert.equal(press("?", { [mod]: true }), undefined);
  }
  assert.equal(press("Enter"), undefined);
  assert.equal(press("k"), undefined);
});

it("takes a question mark wherever it is not typed into something", () => {
  assert.equal(press("?"), "help");
  for (const target of [{ tagName: "BUTTON" }, { tagName: "INPUT", type: "checkbox" }]) {
    assert.equal(press("?", {}, target), "help");
  }
  const fields = [
    { tagName: "INPUT", type: "text" },
    { tagName: "TEXTAREA" },
    { tagName: "SELECT" },
    { tagName: "DIV", isContentEditable: true },
  ];
  for (const target of fields) assert.equal(press("?", {}, target), undefined);
});
