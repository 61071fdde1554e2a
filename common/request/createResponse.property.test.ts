import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { BackendError } from "../errors.ts";
import type { Frame } from "../schemas/frames.ts";
import { DEFAULT_CREDIT } from "../schemas/limits.ts";
import { createResponse } from "./createResponse.ts";
import type { Response } from "./types.ts";

const chunk = (seq: number): Frame => ({ kind: "chunk", id: "r", seq, data: seq });
const end = (seq: number): Frame => ({ kind: "end", id: "r", seq });
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** A response, and what it said to its source. */
const createTest = () => {
  const said = { granted: 0, cancelled: 0, settled: 0 };
  const { response, push } = createResponse("r", {
    grant: (n) => void (said.granted += n),
    cancel: () => void said.cancelled++,
    onSettled: () => void said.settled++,
  });
  return { response, push, said };
};

/** What a reader of a response saw, and how it ended. */
const read = async (response: Response, how: "loop" | "await" = "loop") => {
  const seen: unknown[] = [];
  try {
    if (how === "await") await response;
    else for await (const value of response) seen.push(value);
    return { seen, outcome: "end" };
  } catch (error) {
    return { seen, outcome: error instanceof BackendError ? error.code : error };
  }
};

const step = fc.record({
  does: fc.constantFrom("send", "send together", "read", "repeat" as const),
  times: fc.integer({ min: 1, max: 90 }),
});

describe("createResponse, whatever happens on the way", () => {
  it("gives each chunk once and in order, grants what was read, and keeps one window at most", () =>
    fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { response, push, said } = createTest();
      const iterator = response[Symbol.asyncIterator]();
      const reads: Promise<IteratorResult<unknown>>[] = [];
      let sent = 0;
      let repeated = 0;
      for (const { does, times } of steps) {
        if (does === "send together") {
          const credit = DEFAULT_CREDIT + said.granted - sent - repeated;
          const data = upTo(sent + Math.min(times, credit)).slice(sent);
          push({ kind: "chunks", id: "r", seq: sent, data });
          sent += data.length;
          continue;
        }
        for (let i = 0; i < times; i++) {
          // A sender that keeps to its credit, which what it repeats costs as well.
          const hasCredit = sent + repeated < DEFAULT_CREDIT + said.granted;
          if (does === "send" && hasCredit) push(chunk(sent++));
          if (does === "repeat" && sent > 0 && hasCredit) {
            repeated++;
            push(chunk((i * 7) % sent));
          }
          if (does === "read") reads.push(iterator.next());
        }
        const taken = Math.min(sent, reads.length);
        const owed = taken + repeated - said.granted;
        assert.ok(owed >= 0, `${said.granted} granted, ${taken} taken, ${repeated} repeated`);
        assert.ok(owed < DEFAULT_CREDIT / 2, "the sender may go on some time");
        assert.ok(sent - taken <= DEFAULT_CREDIT, "at most one window waits");
      }
      push(end(sent));
      push(end(sent));
      while (reads.length <= sent) reads.push(iterator.next());
      const results = await Promise.all(reads);
      const given = results.flatMap(({ done, value }) => done ? [] : [value]);
      assert.deepEqual(given, upTo(sent));
      assert.deepEqual([said.settled, said.cancelled], [1, 0]);
    })));

  it("ends a stream that has a gap with STREAM_BROKEN, after exactly what came before it", () => {
    const frames = fc.array(
      fc.record({ lost: fc.boolean(), copies: fc.integer({ max: 3, min: 1 }) }),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    return fc.assert(fc.asyncProperty(frames, fc.boolean(), async (fates, readsEarly) => {
      const { response, push, said } = createTest();
      const early = readsEarly ? read(response) : undefined;
      const length = fates.length;
      fates.forEach(({ lost, copies }, seq) => {
        for (let i = 0; i < (lost ? 0 : copies); i++) push(chunk(seq));
      });
      push(end(length));
      const firstLost = fates.findIndex(({ lost }) => lost);
      const whole = firstLost < 0;
      const { seen, outcome } = await (early ?? read(response));
      assert.deepEqual(seen, upTo(whole ? length : firstLost));
      assert.equal(outcome, whole ? "end" : "STREAM_BROKEN");
      assert.deepEqual([said.settled, said.cancelled], [1, whole ? 0 : 1]);
    }));
  });

  it("has the first outcome for good, in whatever order frames, cancel and await come", () => {
    const outcomes = { end: "end", error: "NO", cancel: "CANCELLED" };
    const event = fc.constantFrom("end", "error", "cancel" as const);
    return fc.assert(fc.asyncProperty(fc.array(event), fc.nat(3), async (events, awaitAt) => {
      const { response, push, said } = createTest();
      const all = [...events, "end" as const];
      const watched = all.map((name, i) => {
        const early = i >= awaitAt ? read(response, "await") : undefined;
        if (name === "end") push(end(0));
        if (name === "error") {
          push({ kind: "error", id: "r", code: "NO", message: "", retryable: false });
        }
        if (name === "cancel") response.cancel();
        return early ?? read(response, "await");
      });
      const seen = await Promise.all(watched);
      assert.deepEqual(new Set(seen.map(({ outcome }) => outcome)), new Set([outcomes[all[0]!]]));
      assert.equal(said.settled, 1);
      assert.equal(said.cancelled, all[0] === "cancel" ? 1 : 0);
    }));
  });
});
