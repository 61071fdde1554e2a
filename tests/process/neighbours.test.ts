import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  createMakeBackendRequest,
  createWebsocketClient,
  type MakeBackendRequest,
  type WebsocketClient,
} from "../../client/client.ts";
import * as v from "valibot";
import { Catalog } from "../../common/schemas/catalog.ts";
import { failureOf } from "../harness/failureOf.ts";
import { makePluginsFolder, type PluginsFolder } from "../harness/makePluginsFolder.ts";
import { ENGINES, skipWithout } from "../harness/startSystem.ts";
import { type StartedPlugboard, startPlugboard } from "../harness/startProcess.ts";
import { until } from "../harness/until.ts";

/** A plugin file with one handler `run`, and one that only says it is there. */
const plugin = (name: string, body: string, options = ""): string => `
import * as v from "valibot";
import { definePlugin, handler } from "plugboard";
const kept: unknown[] = [];
export default definePlugin({
  name: "${name}",
  handlers: {
    run: handler({ input: v.unknown(), output: v.unknown(), ${options}
      async handle(input, { attempt, signal }) { ${body} } }),
    here: handler({ input: v.unknown(), output: v.number(), handle: () => process.pid }),
  },
});`;

const FILES = {
  good: plugin("good", "await new Promise((done) => setTimeout(done, 50)); return input;"),
  loops: plugin("loops", "for (;;) kept.length;"),
  leaks: plugin(
    "leaks",
    `for (;;) {
      kept.push(new Uint8Array(4e6).fill(1));
      await new Promise((done) => setTimeout(done, 5));
    }`,
  ),
  throwsLate: plugin(
    "throwsLate",
    `setTimeout(() => { throw new Error("late"); }, 1); Promise.reject(new Error("nobody awaits"));
    await new Promise((done) => setTimeout(done, 50)); return "fine";`,
  ),
  exits: plugin("exits", "process.exit(3);"),
  recovers: plugin(
    "recovers",
    "if (attempt < 3) process.kill(process.pid, 'SIGKILL'); return attempt;",
    "idempotent: true,",
  ),
  // What a library may write to the channel of a forked process, and what it must not be taken for.
  meddles: plugin(
    "meddles",
    `const broken = { file: "good.ts", message: "not by its own doing" };
    const said = [null, 7, "ready", new Uint8Array([1, 2]), { kind: "pong", rss: "much" },
      { kind: "loaded", name: "good", types: ["good.run"] }, { kind: "broken", broken }];
    for (const one of said) await new Promise((sent) => process.send(one, undefined, {}, sent));
    return "said";`,
  ),
  poison: plugin("poison", "process.kill(process.pid, 'SIGKILL');", "idempotent: true,"),
};

for (const engine of ENGINES) {
  describe(`a plugin that misbehaves, over the ${engine} engine`, () => {
    const option = skipWithout(engine);
    let folder: PluginsFolder | undefined;
    let plugboard: StartedPlugboard;
    let socket: WebsocketClient;
    let request: MakeBackendRequest;
    let catalog: Catalog | undefined;

    before(async () => {
      if (option.skip) return;
      folder = await makePluginsFolder(FILES);
      const AMQP_URL = engine === "rabbitmq" ? process.env.AMQP_URL : undefined;
      const env = { AMQP_URL, PLUGINS_DIR: folder.path, PLUGIN_MEMORY_MB: "300" };
      plugboard = await startPlugboard({ env });
      socket = createWebsocketClient({ url: plugboard.url });
      request = createMakeBackendRequest(socket);
      socket.subscribe({
        onState: (state) => state.at === "ready" && socket.send({ kind: "watch" }),
        onMessage: (message) => {
          if (message.kind === "catalog") catalog = v.parse(Catalog, message.catalog);
        },
      });
    });
    after(async () => {
      socket?.close();
      await plugboard?.stop();
      await folder?.remove();
    });

    /** Calls a neighbour all the while, and expects every one of those calls to succeed at once. */
    const whileOthersServe = async (work: Promise<unknown>): Promise<void> => {
      let over = false;
      const ended = work.finally(() => over = true);
      let served = 0;
      while (!over || served === 0) {
        assert.equal(await request("good.run", ++served, { timeoutMs: 3_000 }), served);
      }
      await ended;
    };

    it("is killed when it loops, and what it ran ends as WORKER_LOST", option, async () => {
      const before = await request("loops.here");
      const lost = failureOf(request("loops.run", 1, { timeoutMs: 25_000 }));
      await whileOthersServe(lost);
      assert.equal((await lost).code, "WORKER_LOST");
      assert.notEqual(await request("loops.here"), before);
    });

    it("is not believed what only its process may say, and only once", option, async () => {
      const here = async (name: string) => await request(`${name}.here`);
      const before = [await here("good"), await here("meddles")];
      await whileOthersServe(request("meddles.run", 1));
      assert.deepEqual([await here("good"), await here("meddles")], before);
      assert.doesNotMatch(plugboard.stderr(), /is taken by|not by its own doing/);
    });

    it("is killed when it takes too much memory", option, async () => {
      const lost = failureOf(request("leaks.run", 1, { timeoutMs: 25_000 }));
      await whileOthersServe(lost);
      assert.equal((await lost).code, "WORKER_LOST");
      assert.match(plugboard.stderr(), /takes too much memory/);
    });

    it("goes on after an error that nobody caught", option, async () => {
      const before = await request("throwsLate.here");
      assert.equal(await request("throwsLate.run", 1), "fine");
      assert.equal(await request("throwsLate.here"), before);
      assert.match(plugboard.stderr(), /An error nobody caught/);
      assert.match(plugboard.stderr(), /A rejection nobody handled/);
    });

    it("runs again after a crash, without the caller noticing, if idempotent", option, async () => {
      assert.equal(await request("recovers.run", 1), 3);
    });

    it("is given up after three attempts", option, async () => {
      const error = await failureOf(request("poison.run", 1));
      assert.equal(error.code, "WORKER_LOST");
      assert.equal(typeof await request("poison.here"), "number");
    });

    it("is put out of use when it keeps crashing, and reported", option, async () => {
      const codes: string[] = [];
      await whileOthersServe((async () => {
        while (codes.length < 5) codes.push((await failureOf(request("exits.run", 1))).code);
      })());
      assert.deepEqual(codes, Array(5).fill("WORKER_LOST"));
      await until(() => catalog?.broken.some(({ file }) => file === "exits.ts") ?? false);
      assert.match(catalog!.broken[0]!.message, /keeps crashing/);
      const refused = await failureOf(request("exits.here", 1, { timeoutMs: 1_000 }));
      assert.equal(refused.code, "NO_WORKER");
    });
  });
}

describe("a plugin that does not stop", () => {
  it("is killed, and holds up the stop no longer than its drain and a margin", async () => {
    const loops = plugin("loops", "return input;").replace(
      "handlers: {",
      "teardown() { for (;;); }, handlers: {",
    );
    const folder = await makePluginsFolder({ loops });
    const plugboard = await startPlugboard({ env: { PLUGINS_DIR: folder.path, DRAIN_MS: "0" } });
    try {
      assert.equal((await plugboard.pids()).length, 2);
    } finally {
      const { code } = await plugboard.stop();
      const left = await plugboard.pids();
      await folder.remove();
      assert.deepEqual([code, left], [0, []]);
    }
  });
});
