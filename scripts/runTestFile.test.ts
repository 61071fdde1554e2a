import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { runTestFile } from "./runTestFile.ts";

describe("runTestFile", () => {
  let folder = "";
  const run = async (source: string) => {
    await writeFile(
      join(folder, "a.test.ts"),
      `import { describe, it } from "node:test";${source}`,
    );
    return await runTestFile(join(folder, "a.test.ts"), { cwd: folder });
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "plugboard-run-test-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("counts the cases, not the blocks around them", async () => {
    const { passed, failed, skipped, output } = await run(`
      describe("block", () => {
        it("passes", () => {});
        it("needs more", { skip: "there is no more" }, () => {});
        describe("inner", () => {
          it("passes, too", () => {});
          it("breaks", () => { throw new Error("broken on purpose"); });
        });
      });`);
    assert.deepEqual([passed, failed.length, skipped.length], [2, 1, 1]);
    assert.match(failed[0] ?? "", /breaks$/);
    assert.match(skipped[0] ?? "", /needs more$/);
    assert.match(output, /broken on purpose/);
  });

  it("counts a file that does not load as failed", async () => {
    const { passed, failed, output } = await run(`import "./missing.ts"; it("never", () => {});`);
    assert.deepEqual([passed, failed.length], [0, 1]);
    assert.match(output, /missing\.ts/);
  });

  it("counts a runner that goes down as failed", async () => {
    const { passed, failed } = await run(`
      import process from "node:process";
      it("ends everything", () => process.exit(7));`);
    assert.deepEqual([passed, failed.length], [0, 1]);
  });

  it("counts a hook that fails", async () => {
    const { failed } = await run(`
      import { after } from "node:test";
      describe("block", () => { after(() => { throw new Error("no"); }); it("passes", () => {}); });`);
    assert.equal(failed.length, 1);
  });

  it("counts a file without tests as failed", async () => {
    const { passed, failed } = await run("");
    assert.deepEqual([passed, failed.length], [0, 1]);
  });
});
