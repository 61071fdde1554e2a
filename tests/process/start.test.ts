import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { createMakeBackendRequest, createWebsocketClient } from "../../client/client.ts";
import { createId } from "../../common/ids.ts";
import { MARK, markedProcesses } from "../harness/markedProcesses.ts";
import { spawnScript } from "../harness/spawnScript.ts";
import { readyz, type StartedPlugboard, startPlugboard } from "../harness/startProcess.ts";
import { until } from "../harness/until.ts";

/** Makes one call over a connection of its own. */
const callOnce = async (url: string, type: string, payload: unknown): Promise<unknown> => {
  const socket = createWebsocketClient({ url });
  try {
    return await createMakeBackendRequest(socket)(type, payload, { timeoutMs: 15_000 });
  } finally {
    socket.close();
  }
};

const withPlugboard = async (
  options: Parameters<typeof startPlugboard>[0],
  use: (plugboard: StartedPlugboard) => Promise<void>,
): Promise<void> => {
  const plugboard = await startPlugboard(options);
  try {
    await use(plugboard);
  } finally {
    await plugboard.stop();
  }
};

/** Runs `start` where it must end by itself, and gives how it ended and what it left running. */
const failingStart = async (env: Record<string, string>, args: readonly string[] = []) => {
  const mark = createId();
  const script = spawnScript("scripts/start.ts", {
    args,
    env: { PORT: "0", AMQP_URL: undefined, ...env, [MARK]: mark },
  });
  try {
    await until(() => script.process.exitCode !== null, { what: "the start to fail" });
    const { code } = await script.ended;
    const lines = (script.stdout() + script.stderr()).trimEnd().split("\n");
    return { code, lines, left: await markedProcesses(mark) };
  } finally {
    await script.stop("SIGKILL");
  }
};

/** The process ids of the plugins: all that are there but the one that was started. */
const hostsOf = async (plugboard: StartedPlugboard): Promise<number[]> => {
  const others = (await plugboard.pids()).filter((pid) => pid !== plugboard.process.pid);
  assert.equal(others.length, SHIPPED, `one process per plugin, not ${others}`);
  return others;
};

/** The plugins that ship. */
const SHIPPED = 4;

describe("start", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "plugboard-start-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("prints the URL and one line per plugin", async () => {
    await withPlugboard({}, async ({ stdout, url }) => {
      await until(() => stdout().includes("text "), { what: "the plugins' lines" });
      const [first, ...lines] = stdout().trimEnd().split("\n");
      assert.equal(first, `Plugboard: ${url}`);
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.deepEqual(lines, [
        "  csv 1.0.0: csv.summarise",
        "  math 1.0.0: math.add, math.primes",
        "  system 1.0.0: system.info, system.stats",
        "  text 1.0.0: text.stats, text.search",
      ]);
    });
  });

  it("is not ready before a request would be served, and is ready then", async () => {
    const gated = join(folder, "gated");
    const gate = join(folder, "gate");
    await mkdir(gated);
    const text = `
      import { existsSync } from "node:fs";
      import { setTimeout } from "node:timers/promises";
      while (!existsSync(${JSON.stringify(gate)})) await setTimeout(10);
      ${plugin("slow")}`;
    await writeFile(join(gated, "slow.ts"), text);
    await withPlugboard({ env: { PLUGINS_DIR: gated }, ready: false }, async ({ url }) => {
      assert.equal(await readyz(url), 503);
      await writeFile(gate, "");
      await until(async () => await readyz(url) === 200);
      assert.equal(await callOnce(url, "slow.echo", { text: "hi" }), "hi");
    });
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends with 0 on ${signal} and leaves no process behind`, async () => {
      const plugboard = await startPlugboard();
      try {
        assert.ok(await hostsOf(plugboard));
        assert.deepEqual(await plugboard.stop(signal), { code: 0, signal: null });
        await until(async () => (await plugboard.pids()).length === 0);
      } finally {
        await plugboard.stop("SIGKILL");
      }
    });
  }

  it("takes its plugins along when it is killed itself", async () => {
    const plugboard = await startPlugboard();
    assert.ok(await hostsOf(plugboard));
    await plugboard.stop("SIGKILL");
    await until(async () => (await plugboard.pids()).length === 0);
  });

  it("names a bad setting, its value and what is allowed, and exits 2", async () => {
    assert.deepEqual(await failingStart({ PORT: "abc" }), {
      code: 2,
      lines: [
        'PORT (--port) cannot be "abc": it must be 0 (any free one) to 65535. (--help lists all settings.)',
      ],
      left: [],
    });
  });

  it("says that a port is in use, exits 1 and leaves nothing running", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = taken.address() as AddressInfo;
      const { code, lines, left } = await failingStart({ PORT: String(port) });
      assert.deepEqual([code, lines.length, left], [1, 1, []], lines.join("\n"));
      assert.match(lines[0]!, new RegExp(`^PORT ${port} is in use on 127\\.0\\.0\\.1: .*--port`));
    } finally {
      await new Promise((resolve) => taken.close(resolve));
    }
  });

  it("names an AMQP_URL that cannot be reached and exits 1", async () => {
    const { code, lines, left } = await failingStart({ AMQP_URL: "amqp://127.0.0.1:1" });
    assert.deepEqual([code, lines.length, left], [1, 1, []], lines.join("\n"));
    assert.match(lines[0]!, /amqp:\/\/127\.0\.0\.1:1\b/);
  });

  for (const [where, args] of [["with a child", []], ["in process", ["--in-process"]]] as const) {
    it(`names a missing plugins folder and exits 1, ${where}`, async () => {
      const missing = join(folder, "missing");
      const { code, lines, left } = await failingStart({ PLUGINS_DIR: missing }, args);
      assert.deepEqual([code, left], [1, []], lines.join("\n"));
      const telling = lines.filter((line) => line.includes(missing));
      assert.equal(telling.length, 1, lines.join("\n"));
      assert.match(telling[0]!, /PLUGINS_DIR/);
    });
  }

  it("serves the good plugins of a folder outside the repository and reports the broken", async () => {
    const dir = join(folder, "mixed");
    await mkdir(join(dir, "nested"), { recursive: true });
    const files = {
      "a_good.ts": plugin("good"),
      "nested/b_again.ts": plugin("good"),
      "c_syntax.ts": `import * as v from "valibot";\n\nexport default {{;\n`,
      "d_throws.ts": `\nthrow new Error("no licence");\n`,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
    await withPlugboard({ env: { PLUGINS_DIR: dir } }, async ({ url, stdout, stderr }) => {
      assert.equal(await callOnce(url, "good.echo", { text: "hi" }), "hi");
      await until(() => stdout().includes("d_throws"), { what: "the lines of the broken files" });
      for (const output of [stdout(), stderr()]) assert.match(output, /c_syntax\.ts/);
      assert.match(stdout(), /^ {2}good: good\.echo$/m);
      assert.match(stdout(), /^ {2}c_syntax\.ts:3 did not load: .+$/m);
      assert.match(stdout(), /^ {2}d_throws\.ts:2 did not load: .*no licence.*$/m);
      assert.match(stdout(), /^ {2}nested\/b_again\.ts.* did not load: .*"good".*a_good\.ts.*$/m);
      assert.equal(stdout().trimEnd().split("\n").length, 5, stdout());
    });
  });

  it("starts killed plugins again, and requests succeed again", async () => {
    await withPlugboard({}, async (plugboard) => {
      const killed = await hostsOf(plugboard);
      for (const pid of killed) process.kill(pid, "SIGKILL");
      await until(async () => {
        const pids = await plugboard.pids();
        return pids.length === SHIPPED + 1 && !killed.some((pid) => pids.includes(pid));
      }, { what: "other processes" });
      assert.equal(await callOnce(plugboard.url, "math.add", { a: 1, b: 2 }), 3);
    });
  });

  it("serves in one process when it is told to", async () => {
    await withPlugboard({ args: ["--in-process"] }, async (plugboard) => {
      assert.deepEqual(await plugboard.pids(), [plugboard.process.pid]);
      assert.equal(await callOnce(plugboard.url, "math.add", { a: 1, b: 2 }), 3);
    });
  });
});

const plugin = (name: string): string => `
import * as v from "valibot";
import { definePlugin, handler } from "plugboard";
export default definePlugin({
  name: "${name}",
  handlers: {
    echo: handler({
      input: v.object({ text: v.string() }),
      output: v.string(),
      handle: ({ text }) => text,
    }),
  },
});
`;
