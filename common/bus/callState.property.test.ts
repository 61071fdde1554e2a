import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Frame, isTerminal } from "../schemas/frames.ts";
import { type CallState, queuedCall, transition } from "./callState.ts";

const RUNS = 3;

/** All that run `attempt` says of a stream of `length` chunks. */
const runOf = (attempt: number, length: number, fails: boolean): Frame[] => {
  const of = attempt > 1 ? { id: "1", attempt } : { id: "1" };
  const last: Frame = fails
    ? { ...of, kind: "error", code: "NO", message: "", retryable: false }
    : { ...of, kind: "end", seq: length };
  return [
    { ...of, kind: "started", worker: `w${attempt}` },
    ...Array.from({ length }, (_, seq): Frame => ({ ...of, kind: "chunk", seq, data: seq })),
    last,
  ];
};

/** What becomes of one run on its way: the newest that there is loses nothing. */
const fate = fc.record({
  length: fc.nat(12),
  fails: fc.boolean(),
  kept: fc.nat(14),
  copies: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 14, maxLength: 14 }),
});

const scenario = fc.record({
  fates: fc.array(fate, { minLength: 1, maxLength: RUNS }),
  /** Of which run the next frame is. */
  turns: fc.infiniteStream(fc.nat(RUNS - 1)),
});

describe("a call on the bus, whatever runs answer it and in whatever order", () => {
  it("passes each chunk on once and in order, and one terminal frame", () =>
    fc.assert(
      fc.property(scenario, ({ fates, turns }) => {
        // Every run repeats the same stream, as only idempotent handlers run again.
        const { length } = fates[0]!;
        const queues = fates.map(({ fails, kept, copies }, index) => {
          const whole = runOf(index + 1, length, fails);
          const isNewest = index === fates.length - 1;
          return (isNewest ? whole : whole.slice(0, kept))
            .flatMap((frame, at) => Array<Frame>(copies[at]!).fill(frame));
        });

        let state: CallState = queuedCall({ now: 0, attempt: 1 });
        const passed: Frame[] = [];
        while (queues.some((queue) => queue.length > 0)) {
          const { value: turn } = turns.next();
          const frame = queues[turn % queues.length]!.shift();
          if (!frame) continue;
          const step = transition(state, { on: "frame", now: 0, frame });
          if (step.passes) passed.push(frame);
          state = step.state;
        }

        const chunks = passed.flatMap((frame) => frame.kind === "chunk" ? [frame.seq] : []);
        assert.deepEqual(chunks, chunks.map((_, seq) => seq));
        assert.equal(passed.filter(isTerminal).length, 1);
        const last = passed.at(-1)!;
        assert.ok(isTerminal(last), "nothing follows the terminal frame");
        if (last.kind === "end") assert.equal(chunks.length, last.seq);
        const attempts = passed.map((frame) => "attempt" in frame ? frame.attempt ?? 1 : 1);
        assert.deepEqual(attempts, attempts.toSorted((one, two) => one - two));
      }),
      { numRuns: 500 },
    ));
});
