import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as v from "valibot";
import { createCaller } from "../common/bus/createCaller.ts";
import { createBroker } from "../common/embedded/createBroker.ts";
import { createEmbeddedBus } from "../common/embedded/createEmbeddedBus.ts";
import { createMemoryLinks } from "../common/embedded/memoryLink.ts";
import { createLogger } from "../common/logger.ts";
import type { AnyHandler, HandlerContext } from "../common/plugin/types.ts";
import type { Frame } from "../common/schemas/frames.ts";
import { until } from "../tests/harness/until.ts";
import { createNestedCall } from "./run/createNestedCall.ts";
import { requestOf } from "./run/runFixture.ts";
import { createWorker, type Worker } from "./createWorker.ts";

/** A broker, a way to start workers of one plugin `a`, and a caller. */
const createTest = async (handlers: Record<string, AnyHandler>) => {
  const lines: string[] = [];
  const log = createLogger({ write: (line) => lines.push(line) });
  const broker = createBroker({ log });
  const open = () => {
    const [near, far] = createMemoryLinks();
    broker.attach(far);
    return createEmbeddedBus({ link: near, log });
  };
  const workers: Worker[] = [];
  const startWorker = async (worker: string, more: { teardown?(): void } = {}) => {
    const bus = open();
    const plugins = [{ file: "a.ts", plugin: { name: "a", handlers, ...more } }];
    const loaded = { plugins, broken: [] };
    const limits = { maxPayloadBytes: 10_000, stallMs: 60_000 };
    const made = await createWorker({ bus, worker, loaded, log, ...limits });
    workers.push(made);
    return { bus, ...made };
  };
  const { call } = createNestedCall({
    request: requestOf(),
    signal: new AbortController().signal,
    remainingMs: () => 4_000,
    maxPayloadBytes: 10_000,
    caller: await createCaller({ bus: open() }),
  });
  const stop = () => Promise.all(workers.map((worker) => worker.close({ drainMs: 0 })));
  return { lines, startWorker, stop, call, open };
};

describe("createWorker", () => {
  for (const read of [20, 64, 200]) {
    it(`continues an idempotent stream on another worker after ${read} chunks, unnoticed`, async () => {
      const to = 500;
      const { call, startWorker, stop } = await createTest({
        count: {
          input: v.unknown(),
          chunk: v.number(),
          idempotent: true,
          *handle() {
            for (let n = 0; n < to; n++) yield n;
          },
        },
      });
      const first = await startWorker("w1");
      const seen: unknown[] = [];
      try {
        for await (const chunk of call("a.count")) {
          seen.push(chunk);
          if (seen.length !== read) continue;
          await first.bus.close();
          await startWorker("w2");
        }
      } finally {
        await stop();
      }
      assert.deepEqual(seen, Array.from({ length: to }, (_, n) => n));
    });
  }

  it("stops no run but the one that was replaced, and remembers nothing of it", async () => {
    const aborted: number[] = [];
    const { startWorker, stop, open } = await createTest({
      hold: {
        input: v.unknown(),
        output: v.null(),
        idempotent: true,
        handle: (_: unknown, { signal, attempt }: HandlerContext) =>
          new Promise((_, reject) =>
            signal.addEventListener("abort", () => {
              aborted.push(attempt);
              reject(signal.reason);
            })
          ),
      },
    });
    await startWorker("w1");
    const frames: Frame[] = [];
    const requester = await open().openRequester({ onFrame: (frame) => frames.push(frame) });
    const startedAs = (attempt: number) =>
      frames.some((frame) => frame.kind === "started" && (frame.attempt ?? 1) === attempt);
    const target = { type: "a.hold", timeoutMs: 60_000 };
    const request = { id: "s:1", ...target, credit: 64, idempotent: true };
    const cancelUpTo = (attempt?: number) =>
      requester.control({ kind: "cancel", id: "s:1", reason: "enough", attempt }, target);
    try {
      cancelUpTo(1);
      await requester.publish({ ...request, attempt: 1 });
      await until(() => startedAs(1));
      await requester.publish({ ...request, attempt: 2 });
      await until(() => startedAs(2));
      assert.deepEqual(aborted, [1]);
      cancelUpTo(1);
      cancelUpTo();
      await until(() => frames.some(({ kind }) => kind === "error"));
      assert.deepEqual(aborted, [1, 2]);
    } finally {
      await stop();
    }
  });

  it("aborts what still runs when it closes, and tears down whatever happens there", async () => {
    let reason: unknown;
    const { call, lines, startWorker } = await createTest({
      hold: {
        input: v.unknown(),
        output: v.null(),
        handle: (_: unknown, { signal }: { signal: AbortSignal }) =>
          new Promise((_, reject) =>
            signal.addEventListener("abort", () => reject(reason = signal.reason))
          ),
      },
    });
    const worker = await startWorker("w1", {
      teardown() {
        throw new Error("torn");
      },
    });
    let started = false;
    const onResponse = () => started = true;
    const held = call("a.hold", null, { onResponse });
    held.catch(() => {});
    await until(() => started);
    await worker.close({ drainMs: 0 });
    await assert.rejects(held, { code: "WORKER_LOST", retryable: true });
    assert.match(String(reason), /the worker stops/);
    assert.match(lines.join("\n"), /teardown failed.*torn/);
  });
});
