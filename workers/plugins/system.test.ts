import assert from "node:assert/strict";
import os from "node:os";
import process from "node:process";
import { describe, it } from "node:test";
import * as v from "valibot";
import { createTestContext } from "./_testContext.ts";
import system from "./system.ts";

const { info, stats } = system.handlers;

describe("system.info", () => {
  it("describes this machine and names the runtime", async () => {
    const found = await createTestContext().result(info, {});
    assert.equal(found.hostname, os.hostname());
    assert.equal(found.totalMemory, os.totalmem());
    assert.equal(found.runtime.name, "bun" in process.versions ? "Bun" : "Deno");
    assert.match(found.runtime.version, /^\d+\.\d+\.\d+/);
    assert.ok(found.cpus >= 1);
  });
});

describe("system.stats", () => {
  it("streams samples that are possible, until it is cancelled", async () => {
    const controller = new AbortController();
    const context = createTestContext({ signal: controller.signal });
    const times: string[] = [];
    const run = async () => {
      for await (const sample of context.chunks(stats, { intervalMs: 100 })) {
        assert.ok(sample.cpu >= 0 && sample.cpu <= 1, `cpu ${sample.cpu}`);
        assert.ok(sample.memoryUsed > 0 && sample.memoryUsed < sample.memoryTotal);
        assert.ok(sample.load1 >= 0);
        if (times.push(sample.time) === 3) controller.abort();
      }
    };
    await assert.rejects(run, { name: "AbortError" });
    assert.equal(times.length, 3);
    assert.deepEqual(times.toSorted(), times);
  });

  it("does not let a long interval delay its end", async () => {
    const controller = new AbortController();
    const context = createTestContext({ signal: controller.signal });
    const samples = context.chunks(stats, { intervalMs: 60_000 });
    await samples.next();
    const next = samples.next();
    controller.abort();
    await assert.rejects(next, { name: "AbortError" });
  });

  it("takes a second between samples unless told, and refuses less than 100 ms", () => {
    assert.deepEqual(v.parse(stats.input, {}), { intervalMs: 1_000 });
    assert.equal(v.is(stats.input, { intervalMs: 99 }), false);
    assert.equal(v.is(stats.input, { intervalMs: 60_001 }), false);
  });
});
