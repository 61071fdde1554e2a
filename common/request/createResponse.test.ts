import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Frame } from "../schemas/frames.ts";
import { createResponse } from "./createResponse.ts";
import type { CallOptions } from "./types.ts";

const chunk = (seq: number): Frame => ({ kind: "chunk", id: "r", seq, data: `c${seq}` });
const end = (seq: number): Frame => ({ kind: "end", id: "r", seq });
const result = (data: unknown): Frame => ({ kind: "end", id: "r", seq: 0, data });
const failure: Frame = { kind: "error", id: "r", code: "NO", message: "no", retryable: true };

const createTest = (options?: CallOptions) => {
  const said: string[] = [];
  const source = {
    grant: (n: number) => void said.push(`grant ${n}`),
    cancel: (reason: string) => void said.push(`cancel: ${reason}`),
    onSettled: () => void said.push("settled"),
  };
  return { said, ...createResponse("r", source, options) };
};

describe("createResponse", () => {
  it("gives the result of a handler that answers once, awaited before or after it came", async () => {
    const { response, push } = createTest();
    const before = response.then((value) => value);
    push(result({ sum: 3 }));
    push(result("too late"));
    push(failure);
    assert.deepEqual([await before, await response], [{ sum: 3 }, { sum: 3 }]);
  });

  it("settles once, also where what it cancels ends it at once", async () => {
    const said: string[] = [];
    const test = createResponse("r", {
      grant() {},
      cancel(reason) {
        said.push(`cancel: ${reason}`);
        test.push({ ...failure, code: "CANCELLED" });
      },
      onSettled: () => void said.push("settled"),
    });
    test.response.cancel("enough");
    await assert.rejects(test.response, { code: "CANCELLED", message: "no" });
    assert.deepEqual(said, ["cancel: enough", "settled"]);
  });

  it("gives all chunks to whoever awaits, whenever they start to", async () => {
    for (const awaitAfter of [0, 1, 2, 3]) {
      const { response, push } = createTest();
      let awaited: Promise<unknown> | undefined;
      [chunk(0), chunk(1), end(2)].forEach((frame, i) => {
        if (i === awaitAfter) awaited = response.then((value) => value);
        push(frame);
      });
      assert.deepEqual(await (awaited ?? response), ["c0", "c1"], `awaited after ${awaitAfter}`);
    }
  });

  it("gives a single result as the only chunk of a loop", async () => {
    const { response, push } = createTest();
    push(result(7));
    assert.deepEqual(await Array.fromAsync(response), [7]);
  });

  it("ends a loop with the error after the chunks that came before it", async () => {
    const { response, push, said } = createTest();
    for (const frame of [chunk(0), failure]) push(frame);
    const seen: unknown[] = [];
    const loop = async () => {
      for await (const value of response) seen.push(value);
    };
    await assert.rejects(loop(), { name: "BackendError", code: "NO", requestId: "r" });
    assert.deepEqual([seen, said], [["c0"], ["settled"]]);
  });

  it("cancels when its loop is left, and tells its source once", async () => {
    const { response, push, said } = createTest();
    push(chunk(0));
    for await (const value of response) {
      assert.equal(value, "c0");
      break;
    }
    response.cancel();
    assert.deepEqual(said, ["cancel: the caller left the loop", "settled"]);
    await assert.rejects(response, { code: "CANCELLED" });
  });

  it("cancels when its signal aborts, now or before it was made", async () => {
    const controller = new AbortController();
    const { response, said } = createTest({ signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(response, { code: "CANCELLED", message: /enough/ });
    assert.deepEqual(said, ["cancel: enough", "settled"]);
    const late = createTest({ signal: controller.signal });
    await assert.rejects(late.response, { code: "CANCELLED", message: /enough/ });
  });

  it("lets go of its signal when it settles", () => {
    const { signal } = new AbortController();
    let listening = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => (listening++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listening--;
      remove(...args);
    };
    const { push } = createTest({ signal });
    assert.equal(listening, 1);
    push(result(1));
    assert.equal(listening, 0);
  });

  it("rejects with what a callback of its caller threw, and cancels the rest", async () => {
    const thrown = new TypeError("in the caller's code");
    for (const callback of ["onProgress", "onResponse"] as const) {
      const { response, push, said } = createTest({
        [callback]: () => {
          throw thrown;
        },
      });
      push({ kind: "progress", id: "r", fraction: 0.5 });
      push(result(1));
      await assert.rejects(response, (error) => error === thrown);
      assert.deepEqual(said, ["cancel: a callback of the caller threw", "settled"]);
    }
  });

  it("shows an observer every frame once, and nothing from beyond a gap", async () => {
    const seen: string[] = [];
    const onResponse = (frame: Frame) => seen.push(frame.kind === "chunk" ? `${frame.seq}` : "end");
    const { response, push } = createTest({ onResponse });
    for (const frame of [chunk(0), chunk(0), chunk(1), end(3)]) push(frame);
    assert.deepEqual(seen, ["0", "1"]);
    await assert.rejects(response, { code: "STREAM_BROKEN" });
  });

  it("shows chunks that come at a stroke one by one, and none after its caller has enough", async () => {
    const seen: unknown[] = [];
    const { response, push } = createTest({
      onResponse(frame) {
        if (frame.kind === "chunk") seen.push([frame.seq, frame.data]);
        if (seen.length === 3) response.cancel();
      },
    });
    push({ kind: "chunks", id: "r", seq: 0, data: ["a", "b"] });
    push({ kind: "chunks", id: "r", seq: 1, data: ["b", "c", "d"] });
    assert.deepEqual(seen, [[0, "a"], [1, "b"], [2, "c"]]);
    await assert.rejects(response, { code: "CANCELLED" });
  });

  it("gives back what chunks cost that came before", async () => {
    const { response, push, said } = createTest();
    for (let twice = 0; twice < 2; twice++) push({ ...chunk(0), cost: 130 } as Frame);
    assert.deepEqual(said, ["grant 130"]);
    push(end(1));
    assert.deepEqual(await response, ["c0"]);
  });

  it("breaks a stream whose later run gave less than the one before", async () => {
    const { response, push } = createTest();
    for (const frame of [chunk(0), chunk(1), end(1)]) push(frame);
    await assert.rejects(response, { code: "STREAM_BROKEN", message: /had 1 chunks, but 2 came/ });
  });

  it("refuses a second reader", async () => {
    const { response, push } = createTest();
    push(end(0));
    assert.deepEqual(await Array.fromAsync(response), []);
    assert.throws(() => response[Symbol.asyncIterator](), /already iterated/);
  });
});
