import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { scriptCommand, spawnScript } from "../tests/harness/spawnScript.ts";
import { type StartedPlugboard, startPlugboard } from "../tests/harness/startProcess.ts";
import { until } from "../tests/harness/until.ts";
import { runProcess } from "./runProcess.ts";

const PLUGIN = `
import { bytes, definePlugin, handler } from "plugboard";
import * as v from "valibot";
export default definePlugin({
  name: "odd",
  handlers: {
    bytes: handler({ input: v.object({}), output: bytes(), handle: () => Uint8Array.of(0, 255, 10) }),
    nested: handler({
      input: v.object({ name: v.string(), file: bytes() }),
      output: v.object({ name: v.string(), file: bytes() }),
      handle: (given) => given,
    }),
    nothing: handler({ input: v.object({}), output: v.optional(v.null()), handle: () => undefined }),
    flood: handler({
      input: v.object({}),
      chunk: v.string(),
      timeoutMs: 60_000,
      async *handle(_, { log }) {
        for (let n = 1; n <= 2000; n++) {
          if (n % 10 === 0) log.info("made", { n });
          yield "x".repeat(16_384);
        }
      },
    }),
    wordy: handler({
      input: v.object({}),
      output: v.number(),
      handle: (_, { log, progress }) => (progress(0.5), log.warn("a line of the handler"), 1),
    }),
  },
});
`;

describe("call", () => {
  let folder = "";
  let plugboard: StartedPlugboard;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "plugboard-call-"));
    await writeFile(join(folder, "odd.ts"), PLUGIN);
    const shipped = new URL("../workers/plugins/", import.meta.url).pathname;
    const shims = ["math", "csv", "system"].map((name) =>
      writeFile(join(folder, `${name}.ts`), `export { default } from "${shipped}${name}.ts";`)
    );
    await Promise.all([...shims, writeFile(join(folder, "broken.ts"), "export default 1;\n")]);
    plugboard = await startPlugboard({ env: { PLUGINS_DIR: folder, LOG_LEVEL: "debug" } });
  });
  after(async () => {
    await plugboard?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const spawnCall = (
    args: string[],
    { input, env }: { input?: string; env?: Record<string, string | undefined> } = {},
  ) => {
    const clean = { PLUGBOARD_URL: plugboard.url, AUTH_TOKEN: undefined, ...env };
    return spawnScript("scripts/call.ts", { args, input, env: clean });
  };
  const call = async (args: string[], options = {}) => {
    const script = spawnCall(args, options);
    const { code } = await script.ended;
    return { code, stdout: script.stdout(), stderr: script.stderr(), bytes: script.stdoutBytes() };
  };
  const command = (args: string[]) => [...scriptCommand("scripts/call.ts"), ...args];
  /** Runs `call … | <shell text>`. */
  const pipe = (args: string[], into: string, env = {}) =>
    runProcess(
      "/bin/sh",
      ["-c", `{ "$@"; echo "code $?" >&2; } | ${into}`, "sh", ...command(args)],
      {
        env: { PLUGBOARD_URL: plugboard.url, AUTH_TOKEN: undefined, ...env },
      },
    );
  /** How the gateway says that the last request of a type ended; undefined while it has not. */
  const lastEnding = (type: string): string | undefined => {
    const lines = plugboard.stderr().split("\n").filter((line) => /"(request|settled)"/.test(line))
      .map((line) => JSON.parse(line)).filter((line) => line.type === type);
    return lines.at(-1)?.code;
  };

  it("prints a result as JSON and nothing else", async () => {
    const { code, stdout, stderr } = await call(["math.add", '{"a":1,"b":2}']);
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "3\n", stderr: "" });
  });

  it("prints null for a handler that answers nothing, and sends {} when there is no payload", async () => {
    const { code, stdout } = await call(["odd.nothing"]);
    assert.deepEqual({ code, stdout }, { code: 0, stdout: "null\n" });
  });

  it("prints each chunk of a stream on a line of its own, as it arrives", async () => {
    const { stdout } = await call(["math.primes", '{"upTo":12}']);
    assert.equal(stdout, "2\n3\n5\n7\n11\n");
    const endless = spawnCall(["system.stats", '{"intervalMs":100}']);
    await until(() => endless.stdout().split("\n").length > 2, { what: "two samples" });
    await endless.stop("SIGINT");
    assert.equal(typeof JSON.parse(endless.stdout().split("\n")[1]!).cpu, "number");
  });

  it("takes the payload from standard input", async () => {
    const { stdout } = await call(["math.add", "-"], { input: '{"a":40,"b":2}\n' });
    assert.equal(stdout, "42\n");
  });

  it("writes a result that is bytes as it is, and bytes within one as base64", async () => {
    assert.deepEqual((await call(["odd.bytes"])).bytes, Uint8Array.of(0, 255, 10));
    const file = join(folder, "data.bin");
    await writeFile(file, Uint8Array.of(251, 255));
    const { stdout } = await call(["odd.nested", '{"name":"n"}', "--file", `file=${file}`]);
    assert.equal(stdout, '{"name":"n","file":"+/8="}\n');
  });

  it("gives the bytes of a file to a handler, and the handler's log lines to standard error", async () => {
    const file = join(folder, "data.csv");
    await writeFile(file, "a,b\n1,2\n3\n");
    const { code, stdout, stderr } = await call(["csv.summarise", "--file", `file=${file}`]);
    assert.equal(code, 0, stderr);
    const columns = stdout.trim().split("\n").map((line) => JSON.parse(line).column);
    assert.deepEqual(columns, ["a", "b"]);
    assert.match(stderr, /"level":"warn","message":"Line 3: expected 2 fields, found 1\."/);
  });

  it("draws no progress where there is no terminal, and is silent with --quiet", async () => {
    const { stdout, stderr } = await call(["odd.wordy"]);
    assert.equal(stdout, "1\n");
    assert.match(stderr, /^\{[^\n]*"message":"a line of the handler"\}\n$/);
    assert.equal((await call(["odd.wordy", "--quiet"])).stderr, "");
  });

  it("prints a failure as JSON on standard error and exits 1", async () => {
    const { code, stdout, stderr } = await call(["math.add", '{"a":"one"}']);
    assert.deepEqual([code, stdout], [1, ""]);
    const error = JSON.parse(stderr);
    assert.deepEqual([error.code, error.retryable], ["INVALID_REQUEST", false]);
    assert.equal(JSON.parse((await call(["math.nothing"])).stderr).code, "NO_HANDLER");
  });

  it("ends a request that takes longer than --timeout", async () => {
    const { code, stderr } = await call(["system.stats", "--timeout", "300"]);
    assert.equal(code, 1);
    assert.equal(JSON.parse(stderr).code, "TIMEOUT");
  });

  it("says at once that no gateway answers, where, and what to do", async () => {
    for (const args of [["math.add"], ["--list"]]) {
      const startedAt = performance.now();
      const { code, stderr } = await call([...args, "--url", "http://127.0.0.1:1"]);
      assert.equal(code, 1);
      const { code: errorCode, message } = JSON.parse(stderr);
      assert.equal(errorCode, "CONNECTION_LOST");
      assert.match(
        message,
        /No gateway answers at http:\/\/127\.0\.0\.1:1 \(.+\): .* start".*--url/,
      );
      assert.ok(performance.now() - startedAt < 20_000, "it must not wait for the request's time");
    }
  });

  it("lists every handler with how it answers, and the files that did not load", async () => {
    const { code, stdout, stderr } = await call(["--list"]);
    assert.equal(code, 0);
    assert.match(stdout, /^math\.add +result {2}Add two numbers$/m);
    assert.match(stdout, /^math\.primes +stream {2}List primes$/m);
    assert.match(stdout, /^odd\.bytes +result$/m);
    assert.match(stderr, /^broken\.ts.* did not load: /);
    const catalog = JSON.parse((await call(["--list", "--json"])).stdout);
    assert.deepEqual(
      catalog.plugins.map(({ name }: { name: string }) => name),
      ["csv", "math", "odd", "system"],
    );
  });

  it("exits 2 for wrong usage and 0 for --help", async () => {
    const wrong = await call(["math"]);
    assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
    assert.match(wrong.stderr, /^A request type is "plugin\.handler".* Got "math"\.\nSee /);
    const url = await call(["math.add", "--url", "localhost"]);
    assert.equal(url.code, 2);
    assert.match(url.stderr, /"localhost" must begin with http/);
    const { code, stdout } = await call(["--help"]);
    assert.deepEqual([code, stdout.split(" ")[0]], [0, "Calls"]);
  });

  it("shows the token it is given, by flag or by environment", async () => {
    const token = "not-so-secret";
    const guarded = await startPlugboard({ env: { AUTH_TOKEN: token } });
    try {
      const url = ["--url", guarded.url];
      for (const args of [["math.add"], ["--list"]]) {
        const { code, stderr } = await call([...args, ...url]);
        assert.deepEqual([code, JSON.parse(stderr).code], [1, "UNAUTHENTICATED"]);
      }
      const add = ["math.add", '{"a":1,"b":2}', ...url];
      assert.equal((await call([...add, "--token", token])).stdout, "3\n");
      assert.equal((await call(add, { env: { AUTH_TOKEN: token } })).stdout, "3\n");
    } finally {
      await guarded.stop();
    }
  });

  it("cancels the request on the server when it is interrupted", async () => {
    const script = spawnCall(["system.stats", '{"intervalMs":100}']);
    await until(() => script.stdout() !== "", { what: "a sample" });
    assert.equal(lastEnding("system.stats"), undefined);
    assert.deepEqual(await script.stop("SIGINT"), { code: 130, signal: null });
    assert.equal(script.stderr(), "");
    await until(() => lastEnding("system.stats") === "CANCELLED");
  });

  it("cancels and ends quietly when its reader has gone", async () => {
    const { output } = await pipe(["math.primes", '{"upTo":10000000}'], "head -n 1");
    assert.deepEqual(output.split("\n").sort(), ["", "2", "code 0"]);
    await until(() => lastEnding("math.primes") === "CANCELLED");
  });

  it("slows the generator down when its reader is slow, and loses nothing", async () => {
    const gate = join(folder, "gate");
    const run = pipe(
      ["odd.flood"],
      `{ until [ -e "$GATE" ]; do sleep 0.05; done; wc -c; }`,
      { GATE: gate },
    );
    const made = () =>
      Number([...plugboard.stderr().matchAll(/"message":"made"[^\n]*"n":(\d+)/g)].at(-1)?.[1] ?? 0);
    let [before, since] = [0, performance.now()];
    const standsStill = () => {
      if (made() !== before) [before, since] = [made(), performance.now()];
      return before > 0 && performance.now() - since > 1_000;
    };
    try {
      await until(standsStill);
      assert.ok(made() < 1_000, `${made()} of 2000 chunks were made with nobody reading`);
    } finally {
      await writeFile(gate, "");
    }
    const { output } = await run;
    assert.match(output, new RegExp(`^ *${2000 * (16_384 + 3)}$`, "m"));
    assert.match(output, /^code 0$/m);
  });
});
