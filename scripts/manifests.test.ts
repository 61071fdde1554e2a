import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";

/** The files that tell each runtime which packages and tasks there are. */
const read = async (name: string) => JSON.parse(await text(name));
const text = (name: string) => readFile(new URL(`../${name}`, import.meta.url), "utf8");

type Manifest = {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  scripts: Record<string, string>;
};
const manifest: Manifest = await read("package.json");
const { imports }: { imports: Record<string, string> } = await read("import_map.json");
const { tasks }: { tasks: Record<string, string> } = await read("deno.json");
const packages = { ...manifest.dependencies, ...manifest.devDependencies };

describe("the two runtimes' manifests", () => {
  it("pin every package exactly", () => {
    for (const [name, version] of Object.entries(packages)) {
      assert.match(version, /^\d+\.\d+\.\d+$/, name);
    }
  });

  it("name the same packages in the same versions", () => {
    const inMap = Object.entries(imports).filter(([name, target]) =>
      target.startsWith("npm:") && !name.endsWith("/")
    );
    // Type definitions are read, not imported: they need no name in the import map.
    const inManifest = Object.entries(packages).filter(([name]) => !name.startsWith("@types/"));
    assert.deepEqual(
      inMap.map(([name, target]) => `${name}: ${target}`).toSorted(),
      inManifest.map(([name, version]) => `${name}: npm:${name}@${version}`).toSorted(),
    );
  });

  it("give a package's subpaths the version of the package", () => {
    for (const [name, target] of Object.entries(imports)) {
      if (!name.endsWith("/") || target.startsWith("./")) continue;
      assert.equal(target, `npm:/${name.slice(0, -1)}@${packages[name.slice(0, -1)]}/`);
    }
  });

  it("name the same tasks", () => {
    const scripts = Object.keys(manifest.scripts).filter((name) => name !== "setup");
    assert.deepEqual(Object.keys(tasks).toSorted(), scripts.toSorted());
  });

  for (const lockFile of ["deno.lock", "bun.lock"]) {
    it(`have a ${lockFile} with these versions`, async () => {
      const lock = await text(lockFile);
      for (const [name, version] of Object.entries(packages)) {
        assert.ok(lock.includes(`"${name}@${version}`), `${name}@${version} is not in ${lockFile}`);
      }
    });
  }
});
