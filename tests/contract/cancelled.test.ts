import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { definePlugin, handler } from "plugboard";
import * as v from "valibot";
import { createId } from "../../common/ids.ts";
import { failureOf } from "../harness/failureOf.ts";
import { ENGINES, skipWithout, startSystem } from "../harness/startSystem.ts";
import { until } from "../harness/until.ts";

/** A plugin with one handler that runs one at a time, and every run that began. */
const createSlowPlugin = () => {
  const name = `t${createId().toLowerCase().replace(/[^a-z0-9]/g, "").slice(0, 12)}`;
  const began: string[] = [];
  const release = new Map<string, () => void>();
  const plugin = definePlugin({
    name,
    version: "1.0.0",
    handlers: {
      one: handler({
        input: v.string(),
        output: v.string(),
        idempotent: true,
        concurrency: 1,
        async handle(key, { signal }) {
          began.push(key);
          if (key === "quick") return key;
          const { promise, resolve } = Promise.withResolvers<void>();
          signal.addEventListener("abort", () => resolve());
          release.set(key, resolve);
          await promise;
          return key;
        },
      }),
    },
  });
  return { plugin, type: `${name}.one`, began, release: (key: string) => release.get(key)?.() };
};

for (const engine of ENGINES) {
  describe(`what was cancelled while it was queued (${engine})`, skipWithout(engine), () => {
    it("never begins at a worker that comes later", async () => {
      const { plugin, type, began } = createSlowPlugin();
      const system = await startSystem({ engine, plugins: [plugin], workers: 0 });
      try {
        const first = await system.startWorker();
        const { request } = system.connect();
        await request(type, "quick");
        await first.close();
        const mine = request(type, "mine", { timeoutMs: 20_000 });
        const late = request(type, "late", { timeoutMs: 20 });
        const failures = Promise.all([failureOf(mine), failureOf(late)]);
        await until(() => system.log.filter(({ message }) => message === "request").length >= 3);
        mine.cancel("no longer wanted");
        assert.equal((await failures)[0].code, "CANCELLED");
        await system.startWorker();
        // It was queued after them.
        await request(type, "quick");
        assert.deepEqual(began, ["quick", "quick"]);
      } finally {
        await system.stop();
      }
    });

    it("never begins at another worker than the one that gave it back", async () => {
      const { plugin, type, began, release } = createSlowPlugin();
      const system = await startSystem({ engine, plugins: [plugin], workers: 0 });
      try {
        const first = await system.startWorker();
        const { request } = system.connect();
        const kinds: string[] = [];
        const onResponse = ({ kind }: { kind: string }) => void kinds.push(kind);
        const mine = request(type, "mine", { onResponse });
        const failure = failureOf(mine);
        // Now the gateway knows where it runs.
        await until(() => kinds.includes("started"));
        await system.startWorker();
        const busy = request(type, "busy");
        await until(() => began.length === 2);
        await first.close();
        mine.cancel("no longer wanted");
        assert.equal((await failure).code, "CANCELLED");
        const quick = request(type, "quick");
        await until(() => system.log.filter(({ message }) => message === "request").length >= 3);
        release("busy");
        await Promise.all([busy, quick]);
        // What was given back may have gone to the end of the queue.
        await request(type, "quick");
        assert.deepEqual(began, ["mine", "busy", "quick", "quick"]);
      } finally {
        await system.stop();
      }
    });
  });
}
