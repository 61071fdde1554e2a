import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as v from "valibot";
import type { HandlerContext } from "../../common/plugin/types.ts";
import { startRun } from "./runFixture.ts";

const never = () => assert.fail("the handler was called");
const end = (data: unknown) => ({ kind: "end", id: "session:r", seq: 0, data });

describe("runRequest", () => {
  it("gives the handler what its schema made of the payload, and lets out only what is declared", async () => {
    const handler = {
      input: v.object({ n: v.pipe(v.string(), v.transform(Number)) }),
      output: v.object({ sum: v.number() }),
      handle: ({ n }: { n: number }) => ({ sum: n + 1, secret: "x" }),
    };
    const run = startRun(handler, { payload: { n: "41", more: true } });
    assert.deepEqual(await run.outcome(), end({ sum: 42 }));
    assert.equal(run.frames.length, 1);
  });

  it("names every place where the payload is wrong, and does not run", async () => {
    const input = v.object({ list: v.array(v.number()), name: v.string() });
    const handler = { input, output: v.null(), handle: never };
    const payload = { list: [1, "two"] };
    const outcome = await startRun(handler, { payload }).outcome();
    assert.ok(outcome?.kind === "error");
    assert.equal(outcome.code, "INVALID_REQUEST");
    const { issues } = outcome.details as { issues: { path: string }[] };
    assert.deepEqual(issues.map(({ path }) => path), ["list.1", "name"]);
  });

  it("names what the options of a union have against parts of the payload", async () => {
    const at = v.object({ at: v.object({ x: v.number(), y: v.number() }) });
    const input = v.object({ where: v.union([v.string(), at]) });
    const handler = { input, output: v.null(), handle: never };
    const outcome = await startRun(handler, { payload: { where: { at: { x: 1 } } } }).outcome();
    assert.ok(outcome?.kind === "error");
    const { issues } = outcome.details as { issues: { path: string }[] };
    assert.deepEqual(issues.map(({ path }) => path), ["where", "where.at.y"]);
  });

  it("starts a second time only what is idempotent, and says which attempt it is", async () => {
    const handler = { input: v.unknown(), output: v.number(), handle: never };
    const refused = await startRun(handler, { attempt: 2 }).outcome();
    assert.equal(refused?.kind === "error" && refused.code, "WORKER_LOST");
    const handle = (_: unknown, { attempt }: HandlerContext) => attempt;
    const allowed = startRun({ ...handler, idempotent: true, handle }, { attempt: 2 });
    assert.deepEqual(await allowed.outcome(), { ...end(2), attempt: 2 });
  });

  it("says in every frame of a later attempt which one it is of", async () => {
    const run = startRun({
      input: v.unknown(),
      chunk: v.number(),
      idempotent: true,
      *handle(_: unknown, { log, progress }: HandlerContext) {
        log.info("one");
        progress(0.5);
        yield 1;
      },
    }, { attempt: 3 });
    await run.outcome();
    const told = run.frames.map((frame) => [frame.kind, "attempt" in frame && frame.attempt]);
    const kinds = ["started", "log", "progress", "chunk", "end"];
    assert.deepEqual(told, kinds.map((kind) => [kind, 3]));
  });

  it("tells the newest progress before the end, and nothing after it", async () => {
    let context: HandlerContext | undefined;
    const run = startRun({
      input: v.unknown(),
      output: v.null(),
      handle: (_: unknown, given: HandlerContext) => {
        context = given;
        for (const fraction of [0.1, 0.2, 0.3]) given.progress(fraction);
        given.log.info("done", { id: 7 });
        return null;
      },
    });
    await run.outcome();
    context!.progress(0.9);
    context!.log.warn("too late");
    const told = run.frames.map((frame) => "fraction" in frame ? frame.fraction : frame.kind);
    assert.deepEqual(told, [0.1, "log", 0.3, "end"]);
  });

  it("keeps what a handler threw in the worker's log, under the request's id", async () => {
    const handle = () => Promise.reject(new Error("password 123"));
    const run = startRun({ input: v.unknown(), output: v.null(), handle });
    const outcome = await run.outcome();
    assert.equal(outcome?.kind === "error" && outcome.code, "HANDLER_FAILED");
    assert.doesNotMatch(JSON.stringify(run.frames), /password/);
    const line = run.lines.find((text) => text.includes("password 123"));
    assert.equal(JSON.parse(line!).requestId, "r");
  });

  it("aborts the signal when it is cancelled, and settles when the handler has ended", async () => {
    const { promise: cleanUp, resolve } = Promise.withResolvers<null>();
    const handle = (_: unknown, { signal }: HandlerContext) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => cleanUp.then(() => reject(signal.reason)))
      );
    const run = startRun({ input: v.unknown(), output: v.null(), handle });
    run.abort("enough");
    assert.deepEqual(run.frames, []);
    resolve(null);
    const outcome = await run.outcome();
    assert.equal(outcome?.kind === "error" && outcome.code, "CANCELLED");
  });

  it("says TIMEOUT when a handler gives up at its deadline, alone or streaming", async () => {
    const untilAborted = ({ signal }: HandlerContext) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const alone = {
      output: v.null(),
      handle: (_: unknown, at: HandlerContext) => untilAborted(at),
    };
    const streaming = {
      chunk: v.null(),
      async *handle(_: unknown, context: HandlerContext) {
        yield await untilAborted(context);
      },
    };
    const polite = {
      chunk: v.null(),
      async *handle(_: unknown, context: HandlerContext) {
        yield null;
        await untilAborted(context).catch(() => {});
      },
    };
    for (const handler of [alone, streaming, polite]) {
      const run = startRun({ input: v.unknown(), ...handler }, { timeoutMs: 5 });
      const outcome = await run.outcome();
      assert.equal(outcome?.kind === "error" && outcome.code, "TIMEOUT");
    }
  });
});
