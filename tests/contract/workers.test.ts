import assert from "node:assert/strict";
import * as v from "valibot";
import { describe, it } from "node:test";
import { Catalog } from "../../common/schemas/catalog.ts";
import { createTestPlugin } from "../harness/createTestPlugin.ts";
import { failureOf } from "../harness/failureOf.ts";
import { ENGINES, skipWithout, startSystem, type SystemOptions } from "../harness/startSystem.ts";
import { until } from "../harness/until.ts";

for (const engine of ENGINES) {
  describe(`workers over the ${engine} engine`, () => {
    const option = skipWithout(engine);

    /** Runs a test with a system of its own. */
    const withSystem = async (
      options: Omit<SystemOptions, "engine">,
      test: (system: Awaited<ReturnType<typeof startSystem>>) => Promise<void>,
    ) => {
      const system = await startSystem({ engine, ...options });
      try {
        await test(system);
      } finally {
        await system.stop();
      }
    };

    it("run no more of a handler at once than it allows", option, async () => {
      const { plugin, seen, type } = createTestPlugin();
      await withSystem({ plugins: [plugin] }, async ({ connect }) => {
        const { request } = connect();
        await Promise.all(
          Array.from({ length: 12 }, () => request(type("work"), { ms: 10 })),
        );
        assert.equal(seen.peak, 2);
        assert.equal(seen.started.length, 12);
      });
    });

    it("share the load, and each request runs once", option, async () => {
      const { plugin, type } = createTestPlugin();
      await withSystem({ plugins: [plugin], workers: 2 }, async ({ connect, log }) => {
        const { request } = connect();
        const pending = Array.from({ length: 40 }, () => request(type("work"), { ms: 20 }));
        await Promise.all(pending);
        const ran = log.filter((line) => line.message === "running" && line.type === type("work"));
        const byWorker = Map.groupBy(ran, ({ worker }) => worker);
        assert.equal(new Set(ran.map(({ requestId }) => requestId)).size, 40);
        assert.equal(ran.length, 40);
        assert.equal(byWorker.size, 2);
        for (const own of byWorker.values()) assert.ok(own.length >= 10, `${own.length} of 40`);
      });
    });

    it("may join and leave while requests wait", option, async () => {
      const { plugin, type } = createTestPlugin();
      await withSystem({ plugins: [plugin], workers: 0 }, async (system) => {
        const { request } = system.connect();
        await assert.rejects(request(type("echo"), 1), { code: "NO_WORKER", retryable: true });
        const first = await system.startWorker();
        assert.equal(await request(type("echo"), 1), 1);
        await first.close();
        await until(() => system.gateway.catalog.workersFor(type("echo")) === 0);
        const waiting = request(type("echo"), 2);
        const tooLate = await failureOf(request(type("echo"), 3, { timeoutMs: 100 }));
        assert.equal(tooLate.code, "NO_WORKER");
        assert.deepEqual([tooLate.where?.state, tooLate.where?.workers], ["queued", 0]);
        await system.startWorker();
        assert.equal(await waiting, 2);
      });
    });

    it("hand on what may run again and outlasts their stop", option, async () => {
      const { plugin, seen, type } = createTestPlugin();
      await withSystem({ plugins: [plugin], workers: 0 }, async (system) => {
        const first = await system.startWorker();
        const { request } = system.connect();
        const lasting = request(type("holdOnce"), "idempotent");
        const lost = request(type("hold"), "not idempotent");
        await until(() => seen.started.length === 2);
        await system.startWorker();
        await Promise.all([first.close(), assert.rejects(lost, { code: "WORKER_LOST" })]);
        assert.equal(await lasting, "attempt 2");
        assert.deepEqual(seen.aborted.toSorted(), ["idempotent", "not idempotent"]);
      });
    });

    it("are listed in the catalog as they come and go", option, async () => {
      const one = createTestPlugin();
      const two = createTestPlugin();
      await withSystem({ plugins: [one.plugin] }, async ({ connect, startWorker }) => {
        const { socket } = connect();
        const catalogs: Catalog[] = [];
        socket.subscribe({
          onState: (state) => state.at === "ready" && socket.send({ kind: "watch" }),
          onMessage: (message) =>
            message.kind === "catalog" && catalogs.push(v.parse(Catalog, message.catalog)),
        });
        socket.connect();
        const names = () => catalogs.at(-1)?.plugins.map(({ name }) => name) ?? [];
        await until(() => names().includes(one.plugin.name));
        assert.ok(!names().includes(two.plugin.name));
        const entry = catalogs.at(-1)!.plugins.find(({ name }) => name === one.plugin.name);
        assert.equal(entry?.version, "1.2.3");
        const count = entry?.handlers.find((handler) => handler.type === one.type("count"));
        assert.equal(count?.streams, true);
        assert.deepEqual(count?.input.required, ["to"]);

        const second = await startWorker([two.plugin]);
        await until(() => names().includes(two.plugin.name));
        await second.close();
        await until(() => !names().includes(two.plugin.name));
        assert.ok(names().includes(one.plugin.name));
      });
    });
  });
}
