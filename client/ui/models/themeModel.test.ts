import assert from "node:assert/strict";
import { it } from "node:test";
import { createThemeModel } from "./themeModel.ts";

it("keeps the theme that was chosen, and begins with the system's", () => {
  const kept = new Map<string, string>();
  const storage = () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  const model = createThemeModel(storage);
  assert.equal(model.theme.value, "auto");
  model.choose("dark");
  assert.equal(createThemeModel(storage).theme.value, "dark");
  for (const key of kept.keys()) kept.set(key, "pink");
  assert.equal(createThemeModel(storage).theme.value, "auto");
});

it("changes the theme where nothing can be kept, too", () => {
  const model = createThemeModel(() => {
    throw new Error("SecurityError");
  });
  model.choose("light");
  assert.equal(model.theme.value, "light");
});
