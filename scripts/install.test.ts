import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { missingPackages } from "./install.ts";

describe("missingPackages", () => {
  let root = "";
  const put = async (folder: string, manifest: unknown) => {
    await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, folder, "package.json"), JSON.stringify(manifest));
  };

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "plugboard-install-"));
    await put(".", {
      dependencies: { a: "1.0.0", "@s/b": "2.0.0" },
      devDependencies: { c: "3.0.0" },
    });
  });
  after(() => rm(root, { recursive: true, force: true }));

  it("names every package of a fresh clone", () => {
    assert.deepEqual(missingPackages(root), ["a 1.0.0", "@s/b 2.0.0", "c 3.0.0"]);
  });

  it("names one that is there in another version", async () => {
    await put("node_modules/a", { version: "1.0.0" });
    await put("node_modules/@s/b", { version: "2.0.1" });
    await put("node_modules/c", { version: "3.0.0" });
    assert.deepEqual(missingPackages(root), ["@s/b 2.0.0"]);
  });

  it("names none when all are there", async () => {
    await put("node_modules/@s/b", { version: "2.0.0" });
    assert.deepEqual(missingPackages(root), []);
  });
});
