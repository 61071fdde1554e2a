import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readCall } from "./readCall.ts";

describe("the command line of call", () => {
  it("sends {} when there is no payload", async () => {
    const wanted = await readCall(["math.add", "--url", "http://h", "--timeout", "500", "--quiet"]);
    const { token: _, ...rest } = { token: undefined, ...wanted };
    const given = { url: "http://h", timeoutMs: 500, quiet: true };
    assert.deepEqual(rest, { ...given, type: "math.add", payload: {} });
  });

  it("puts the bytes of every file into the payload", async () => {
    const folder = await mkdtemp(join(tmpdir(), "plugboard-read-"));
    try {
      const path = join(folder, "a=b.bin");
      await writeFile(path, Uint8Array.of(1, 255));
      const files = ["--file", `one=${path}`, "--file", `two=${path}`];
      const wanted = await readCall(["csv.summarise", '{"x":1}', ...files]);
      assert.ok("payload" in wanted, JSON.stringify(wanted));
      const bytes = Uint8Array.of(1, 255);
      assert.deepEqual(wanted.payload, { x: 1, one: bytes, two: bytes });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("says in one line what is wrong, and where to read more", async () => {
    const wrong: [args: string[], line: RegExp][] = [
      [[], /^The request type is missing\.$/],
      [["math"], /^A request type is "plugin\.handler".* Got "math"\.$/],
      [["math.add", "{a:1}"], /^The payload is not JSON: "\{a:1\}" \(.+\)\.$/],
      [["math.add", "{}", "{}"], /^"\{\}" is too much/],
      [["math.add", "--timeout", "5s"], /^--timeout cannot be "5s": .* milliseconds/],
      [["math.add", "--timeout", "0"], /^--timeout cannot be "0": .* milliseconds/],
      [["math.add", "[]", "--file", "a=/dev/null"], /^--file needs an object/],
      [["math.add", "--file", "data.csv"], /^--file cannot be "data\.csv": .*NAME=PATH/],
      [["math.add", "--file", "a=/no/such/file"], /\/no\/such\/file/],
      [["math.add", "--json"], /^--json goes with --list/],
      [["--list", "math.add"], /^--list takes no "math\.add"\.$/],
      [["math.add", "--colour"], /--colour/],
    ];
    for (const [args, line] of wrong) {
      const told = await readCall(args);
      assert.ok("message" in told, args.join(" "));
      assert.equal(told.code, 2);
      const [first, second] = told.message.split("\n");
      assert.match(first!, line);
      assert.match(second!, /^See ".* call --help"\.$/);
    }
  });

  it("explains every option when asked", async () => {
    const told = await readCall(["--help"]);
    assert.ok("message" in told);
    assert.equal(told.code, 0);
    for (const name of ["url", "timeout", "token", "quiet", "list", "json", "file", "help"]) {
      assert.match(told.message, new RegExp(`^--${name} `, "m"));
    }
  });
});
