import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  createMakeBackendRequest,
  createWebsocketClient,
  type MakeBackendRequest,
  type WebsocketClient,
} from "../../client/client.ts";
import { makePluginsFolder, type PluginsFolder } from "../harness/makePluginsFolder.ts";
import { ENGINES, skipWithout } from "../harness/startSystem.ts";
import { type StartedPlugboard, startPlugboard } from "../harness/startProcess.ts";
import { until } from "../harness/until.ts";

const IMPORTS = `
import * as v from "valibot";
import { definePlugin, handler } from "plugboard";
`;

const FILES = {
  outer: `${IMPORTS}
const any = { input: v.unknown(), output: v.unknown() };
export default definePlugin({
  name: "outer",
  handlers: {
    twice: handler({ ...any, handle: (n) => 2 * n }),
    own: handler({ ...any, handle: (n, { call }) => call("outer.twice", n) }),
    other: handler({ ...any, handle: (n, { call }) => call("inner.twice", n) }),
    hold: handler({ ...any, handle: (key, { call }) => call("inner.hold", key) }),
    count: handler({
      input: v.unknown(),
      chunk: v.number(),
      async *handle(upTo, { call }) { yield* call("inner.count", upTo); },
    }),
  },
});`,
  inner: `${IMPORTS}
const any = { input: v.unknown(), output: v.unknown() };
const seen = [];
export default definePlugin({
  name: "inner",
  handlers: {
    twice: handler({ ...any, idempotent: true, handle: (n) => 2 * n }),
    hold: handler({
      ...any,
      handle: (key, { signal }) => new Promise((_, reject) => {
        seen.push(key);
        signal.addEventListener("abort", () => {
          seen.push(key + " aborted");
          reject(signal.reason);
        });
      }),
    }),
    seen: handler({ ...any, handle: () => seen }),
    count: handler({
      input: v.unknown(),
      chunk: v.number(),
      *handle(upTo) { for (let n = 0; n < upTo; n++) yield n; },
    }),
  },
});`,
};

for (const engine of ENGINES) {
  describe(`a handler that calls another of its own worker, over the ${engine} engine`, () => {
    const option = skipWithout(engine);
    let folder: PluginsFolder | undefined;
    let plugboard: StartedPlugboard;
    let socket: WebsocketClient;
    let request: MakeBackendRequest;

    before(async () => {
      if (option.skip) return;
      folder = await makePluginsFolder(FILES);
      const AMQP_URL = engine === "rabbitmq" ? process.env.AMQP_URL : undefined;
      plugboard = await startPlugboard({ env: { AMQP_URL, PLUGINS_DIR: folder.path } });
      socket = createWebsocketClient({ url: plugboard.url });
      request = createMakeBackendRequest(socket);
    });
    after(async () => {
      socket?.close();
      await plugboard?.stop();
      await folder?.remove();
    });

    const hasSeen = async (what: string) =>
      (await request("inner.seen") as string[]).includes(what);

    it("gets its answer, of its own plugin's and of another's", option, async () => {
      assert.deepEqual(await Promise.all([request("outer.own", 4), request("outer.other", 5)]), [
        8,
        10,
      ]);
    });

    it("gets a stream, whole and in order", option, async () => {
      const chunks = await request("outer.count", 1_000);
      assert.deepEqual(chunks, Array.from({ length: 1_000 }, (_, n) => n));
    });

    it("has what it called stopped when it is cancelled", option, async () => {
      const held = request("outer.hold", "mine");
      await until(() => hasSeen("mine"));
      held.cancel();
      await assert.rejects(held, { code: "CANCELLED" });
      await until(() => hasSeen("mine aborted"));
    });
  });
}
