import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Frame } from "../../common/schemas/frames.ts";
import { createFakeCaller } from "../session/sessionFixture.ts";
import { meterCaller } from "./meterCaller.ts";

describe("meterCaller", () => {
  it("tells of each request once, with its ending, and changes nothing for its caller", () => {
    const { caller, calls } = createFakeCaller({ pending: 7 });
    const told: string[] = [];
    const metered = meterCaller(caller, ({ type }, { frame, ms }) => {
      assert.ok(ms >= 0);
      told.push(`${type} ${frame.kind === "error" ? frame.code : frame.kind}`);
    }, { now: () => performance.now() });
    const frames: Frame[] = [];
    const ask = (id: string) => ({ id, type: `a.${id}`, timeoutMs: 1, credit: 1, attempt: 1 });
    metered.start(ask("done"), (frame) => frames.push(frame));
    const handle = metered.start(ask("given"), (frame) => frames.push(frame), { from: "s1" });
    calls[0]!.take({ kind: "chunk", id: "done", seq: 0 });
    calls[0]!.take({ kind: "end", id: "done", seq: 1 });
    handle.cancel("enough");
    handle.cancel("again");
    assert.deepEqual(told, ["a.done end", "a.given CANCELLED"]);
    assert.deepEqual(frames.map(({ kind }) => kind), ["chunk", "end", "error"]);
    assert.deepEqual(calls.map(({ from }) => from), [undefined, "s1"]);
    assert.equal(metered.pending, 7);
  });
});
