import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { findPluginFiles, isPluginFile } from "./findPluginFiles.ts";
import { loadPlugins } from "./loadPlugins.ts";

/** Runs a test in a folder of its own, with files in it. */
const withFiles = async (
  files: Record<string, string>,
  test: (folder: string) => Promise<void>,
): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await test(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

// Written without imports, so that it loads from anywhere with nothing provided.
const schema = `{ "~run": (data) => data, type: "unknown" }`;
const plugin = (name: string, more = "") =>
  `export default { name: "${name}", ${more}
  handlers: { run: { input: ${schema}, output: ${schema}, handle: () => null } } };\n`;

describe("findPluginFiles", () => {
  it("finds plugin files in any folder, in the order of their names", () =>
    withFiles({
      "b.ts": "",
      "a/z.js": "",
      "a/deep/y.mjs": "",
      "_shared.ts": "",
      ".hidden.ts": "",
      "b.test.ts": "",
      "types.d.ts": "",
      "notes.md": "",
      "_private/x.ts": "",
      "node_modules/lib/x.js": "",
    }, async (folder) => {
      assert.deepEqual(await findPluginFiles(folder), ["a/deep/y.mjs", "a/z.js", "b.ts"]);
      assert.equal(isPluginFile("b.tsx"), false);
    }));

  it("follows links to files and folders, but not in circles", () =>
    withFiles({ "elsewhere/a.ts": "", "plugins/b.ts": "" }, async (folder) => {
      await symlink(join(folder, "elsewhere"), join(folder, "plugins/linked"));
      await symlink(join(folder, "gone.ts"), join(folder, "plugins/broken.ts"));
      await symlink(join(folder, "plugins"), join(folder, "plugins/circle"));
      const found = await findPluginFiles(join(folder, "plugins"));
      assert.ok(found.length < 10, `${found.length} files`);
      assert.deepEqual(found, ["b.ts", "linked/a.ts"]);
    }));

  it("names the folder and the setting when there is no such folder", () =>
    assert.rejects(findPluginFiles("/no/such/folder"), /\/no\/such\/folder.*PLUGINS_DIR.*ENOENT/));
});

describe("loadPlugins", () => {
  it("loads what can be loaded, runs its setup, and says of the rest which file, line and why", () =>
    withFiles({
      "a.js": plugin("a", "setup() { this.ready = true; },"),
      "b.js": plugin("a"),
      "c.js": "export const x = 1;\nexport default {\n  name: oops oops\n};\n",
      "d.js": "\n\nthrow new Error('cannot start');\n",
      "e.js": plugin("e", "setup() { throw new Error('no database'); },"),
      "f.js": "export const nothing = 1;\n",
      "g.js": plugin("g"),
    }, async (folder) => {
      const { plugins, broken } = await loadPlugins(folder);
      assert.deepEqual(plugins.map(({ file, plugin }) => [file, plugin.name]), [
        ["a.js", "a"],
        ["g.js", "g"],
      ]);
      assert.equal(Reflect.get(plugins[0]!.plugin, "ready"), true);
      assert.deepEqual(
        broken.map(({ file }) => file),
        ["b", "c", "d", "e", "f"].map((n) => `${n}.js`),
      );
      const [taken, syntax, thrown, setup, empty] = broken;
      assert.match(taken!.message, /"a" is taken by a\.js/);
      assert.equal(syntax!.line, 3);
      assert.deepEqual([thrown!.line, thrown!.message], [3, "cannot start"]);
      assert.match(setup!.message, /no database/);
      assert.match(empty!.message, /default export: must be a plugin/);
      for (const { message } of broken) assert.ok(!message.includes(folder) && message.length > 0);
    }));

  it("loads the rest whatever a file throws", () =>
    withFiles({ "a.js": "throw Object.create(null);\n", "b.js": plugin("b") }, async (folder) => {
      const { plugins, broken } = await loadPlugins(folder);
      assert.deepEqual(plugins.map(({ file }) => file), ["b.js"]);
      assert.deepEqual(broken.map(({ file }) => file), ["a.js"]);
    }));
});
