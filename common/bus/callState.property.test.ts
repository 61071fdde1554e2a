import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { apart, type Frame, isTerminal, withoutFirst } from "../schemas/frames.ts";
import { type CallState, queuedCall, transition } from "./callState.ts";

const RUNS = 3;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

type Fate = { length: number; fails: boolean; together: number };

/** All that run `attempt` says of a stream of `length` chunks, so many of which share a frame. */
const runOf = (attempt: number, length: number, { fails, together }: Fate): Frame[] => {
  const of = attempt > 1 ? { id: "1", attempt } : { id: "1" };
  const last: Frame = fails
    ? { ...of, kind: "error", code: "NO", message: "", retryable: false }
    : { ...of, kind: "end", seq: length };
  return [
    { ...of, kind: "started", worker: `w${attempt}` },
    ...Array.from({ length: Math.ceil(length / together) }, (_, n): Frame => {
      const seq = n * together;
      if (together === 1) return { ...of, kind: "chunk", seq, data: seq };
      return { ...of, kind: "chunks", seq, data: numbers(length).slice(seq, seq + together) };
    }),
    last,
  ];
};

/** What becomes of one run on its way: the newest that there is loses nothing. */
const fate = fc.record({
  length: fc.nat(12),
  fails: fc.boolean(),
  together: fc.integer({ min: 1, max: 5 }),
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
        const queues = fates.map((fate, index) => {
          const { kept, copies } = fate;
          const whole = runOf(index + 1, length, fate);
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
          const { passes, seen = 0 } = step;
          const unseen = withoutFirst(seen, frame);
          if (passes) passed.push(...unseen.kind === "chunks" ? apart(unseen) : [unseen]);
          state = step.state;
        }

        const chunks = passed.flatMap((frame) => frame.kind === "chunk" ? [frame] : []);
        assert.deepEqual(chunks.map(({ seq }) => seq), numbers(chunks.length));
        assert.deepEqual(chunks.map(({ data }) => data), numbers(chunks.length));
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
