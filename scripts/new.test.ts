import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { createTestContext } from "../workers/plugins/_testContext.ts";
import template from "./newPlugin.template.ts";
import { runProcess } from "./runProcess.ts";

const SCRIPT = fileURLToPath(new URL("new.ts", import.meta.url));
const RUN = process.versions.deno === undefined ? [] : ["run", "-A"];

describe("new", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "plugboard-new-"));
  });
  after(() => rm(folder, { recursive: true }));

  const run = (args: string[], dir = join(folder, "plugins")) =>
    runProcess(process.execPath, [...RUN, SCRIPT, ...args], { env: { PLUGINS_DIR: dir } });

  it("writes a plugin of that name into a folder it makes, and says what to do next", async () => {
    const { code, output } = await run(["weather"]);
    const file = join(folder, "plugins", "weather.ts");
    assert.equal(code, 0, output);
    assert.ok(output.startsWith(`Wrote ${file}\n`), output);
    assert.match(output, / call weather\.greet '\{"name":"Ada"\}'\n/);
    const written = await readFile(file, "utf8");
    assert.match(written, /^ {2}name: "weather",$/m);
    assert.doesNotMatch(written, /name: "hello"/);
  });

  it("prefers --plugins-dir to the environment", async () => {
    const other = join(folder, "other");
    assert.equal((await run(["weather", "--plugins-dir", other])).code, 0);
    assert.deepEqual(await readdir(other), ["weather.ts"]);
  });

  it("leaves a file alone that exists", async () => {
    const file = join(folder, "taken.ts");
    await writeFile(file, "mine");
    const { code, output } = await run(["taken"], folder);
    assert.deepEqual([code, output], [
      1,
      `Cannot write ${file}: it exists already; choose another name.\n`,
    ]);
    assert.equal(await readFile(file, "utf8"), "mine");
  });

  it("says in one line why it cannot write", async () => {
    const { code, output } = await run(["weather"], join(folder, "taken.ts"));
    assert.equal(code, 1);
    assert.match(output, /^Cannot write .*weather\.ts: .*mkdir.*\n$/);
  });

  it("refuses a name that cannot be a request type's first half", async () => {
    for (const name of ["1st", "a.b", "../up", "_hidden", "x".repeat(65), ""]) {
      const { code, output } = await run([name]);
      assert.equal(code, 2, name);
      assert.ok(output.startsWith(`"${name}" cannot be a plugin's name: `), output);
    }
  });

  it("explains wrong usage, and itself when asked", async () => {
    for (const args of [[], ["one", "two"], ["one", "--colour"]]) {
      const { code, output } = await run(args);
      assert.equal(code, 2, args.join(" "));
      assert.match(output, /^.+\n\nWrites a plugin to begin with/);
    }
    const { code, output } = await run(["--help"]);
    assert.equal(code, 0);
    assert.match(output, /^Writes a plugin to begin with[^]*--plugins-dir/);
  });
});

describe("what new writes", () => {
  const { greet, countdown } = template.handlers;

  it("answers and streams as it is", async () => {
    const context = createTestContext();
    assert.equal(await context.result(greet, { name: "Ada" }), "Hello, Ada!");
    assert.deepEqual(await Array.fromAsync(context.chunks(countdown, { from: 1 })), [1]);
    assert.deepEqual(context.fractions, [1]);
  });
});
