import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { definePlugin, handler } from "plugboard";
import * as v from "valibot";
import { createId } from "../../common/ids.ts";
import { failureOf } from "../harness/failureOf.ts";
import { ENGINES, skipWithout, startSystem } from "../harness/startSystem.ts";
import { until } from "../harness/until.ts";

const MANY = 200;

/** A plugin with one handler that runs four at a time, and what began and was aborted. */
const createBusyPlugin = () => {
  const name = `t${createId().replaceAll(/[-_]/g, "")}`;
  const began: string[] = [];
  const aborted: string[] = [];
  const gate = Promise.withResolvers<void>();
  const plugin = definePlugin({
    name,
    handlers: {
      four: handler({
        input: v.string(),
        output: v.string(),
        concurrency: 4,
        async handle(key, { signal }) {
          began.push(key);
          signal.addEventListener("abort", () => aborted.push(key));
          await gate.promise;
          return key;
        },
      }),
    },
  });
  return { plugin, type: `${name}.four`, began, aborted, open: () => gate.resolve() };
};

for (const engine of ENGINES) {
  describe(`a client with hundreds of requests under way (${engine})`, skipWithout(engine), () => {
    for (const gateways of engine === "embedded" ? [1] : [1, 2]) {
      it(`does not keep another's from their turn (gateways: ${gateways})`, async () => {
        const { plugin, type, began, open } = createBusyPlugin();
        const system = await startSystem({ engine, plugins: [plugin], gateways });
        try {
          const greedy = system.connect();
          const all = Promise.all(
            Array.from({ length: MANY }, () => greedy.request(type, "greedy")),
          );
          await until(() => began.length === 4);
          const modest = system.connect(system.gateways.at(-1)!.url).request(type, "modest");
          const arrived = () => system.log.filter(({ message }) => message === "request").length;
          await until(() => arrived() === MANY + 1);
          open();
          assert.equal(await modest, "modest");
          const place = began.indexOf("modest");
          assert.ok(place < MANY / 2, `it was number ${place}`);
          await all;
          assert.equal(began.length, MANY + 1);
        } finally {
          await system.stop();
        }
      });
    }

    it("can have them cancelled and timed out while they wait, so that none begins", async () => {
      const { plugin, type, began, aborted, open } = createBusyPlugin();
      const system = await startSystem({ engine, plugins: [plugin] });
      try {
        const { request } = system.connect();
        const first = Array.from({ length: MANY }, () => request(type, "first"));
        const failures = Promise.all(first.map(failureOf));
        await until(() => began.length === 4);
        const late = await failureOf(request(type, "late", { timeoutMs: 50 }));
        assert.deepEqual([late.code, late.where?.state], ["TIMEOUT", "queued"]);
        // The newest first, as an end makes place for the next one.
        for (const one of first.reverse()) one.cancel("no longer wanted");
        assert.deepEqual(new Set((await failures).map(({ code }) => code)), new Set(["CANCELLED"]));
        await until(() => aborted.length === 4);
        open();
        assert.equal(await request(type, "last"), "last");
        assert.deepEqual(began, [...Array(4).fill("first"), "last"]);
      } finally {
        await system.stop();
      }
    });
  });
}
