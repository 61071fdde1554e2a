import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { runProcess } from "./runProcess.ts";

const sh = (text: string, options = {}) => runProcess("/bin/sh", ["-c", text], options);

describe("runProcess", () => {
  it("gives both outputs and the exit code", async () => {
    const result = await sh(`echo "$WORD"; echo err >&2; exit 3`, { env: { WORD: "out" } });
    assert.deepEqual(result, { code: 3, output: "out\nerr\n" });
  });

  it("takes a variable away", async () => {
    const { output } = await sh(`echo "\${HOME-none}"`, { env: { HOME: undefined } });
    assert.equal(output, "none\n");
  });

  it("does not wait for a process that was left behind", async () => {
    const { code, output } = await sh("sleep 3 & echo $!");
    assert.equal(code, 0);
    process.kill(Number(output));
  });

  it("ends what takes too long, and says so", async () => {
    const { code, output } = await sh("echo begun; exec sleep 100", { timeoutMs: 300 });
    assert.notEqual(code, 0);
    assert.equal(output, "begun\n/bin/sh was ended: not done after 0.3 s.\n");
  });

  it("ends it when the signal aborts", async () => {
    const { output } = await sh("exec sleep 100", { signal: AbortSignal.timeout(100) });
    assert.equal(output, "/bin/sh was ended: interrupted.\n");
  });

  it("says which program cannot be run", async () => {
    const { code, output } = await runProcess("/no/such/program", []);
    assert.equal(code, 1);
    assert.match(output, /^\/no\/such\/program cannot be run: .*ENOENT/);
  });
});
