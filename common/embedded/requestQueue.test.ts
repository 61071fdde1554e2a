import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createRequestQueue, type Entry } from "./requestQueue.ts";

const MEMBERS = ["a", "b", "c"];

/** A queue, and what it handed to whom. */
const createTest = () => {
  const clock = { now: 0 };
  const delivered: { id: string; to: string }[] = [];
  const queue = createRequestQueue<string>({
    deliver: ({ request: { id } }, to) => void delivered.push({ id, to }),
    now: () => clock.now,
  });
  const entry = (id: string, { from = "client", expiresAt = Infinity } = {}): Entry<string> => ({
    request: { id, type: "a.b", timeoutMs: 1, credit: 1, attempt: 1 },
    from,
    expiresAt,
  });
  return { clock, delivered, queue, entry };
};

const action = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ does: "add" as const }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("release" as const), n: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("giveBack" as const), n: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant("serve" as const),
      member: fc.constantFrom(...MEMBERS),
      concurrency: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("leave" as const), n: fc.nat() }) },
);

describe("createRequestQueue", () => {
  it("hands on first come first served, to whoever has room, and at once when somebody has", () =>
    fc.assert(fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
      const { queue, delivered, entry } = createTest();
      const free = new Map<string, number>();
      const waiting: string[] = [];
      let held: typeof delivered = [];
      let added = 0;
      for (const act of actions) {
        const before = delivered.length;
        if (act.does === "add") {
          waiting.push(`${added}`);
          queue.add(entry(`${added++}`));
        }
        if (act.does === "serve" && !free.has(act.member)) {
          free.set(act.member, act.concurrency);
          queue.serve(act.member, act.concurrency);
        }
        if (act.does === "leave" && free.size > 0) {
          const member = [...free.keys()][act.n % free.size]!;
          free.delete(member);
          held = held.filter(({ to }) => to !== member);
          queue.leave(member);
        }
        const one = "n" in act && held.length > 0 ? held[act.n % held.length] : undefined;
        if (one && act.does === "release") {
          held = held.filter((other) => other !== one);
          free.set(one.to, free.get(one.to)! + 1);
          queue.release(one.to);
        }
        if (one && act.does === "giveBack") {
          held = held.filter((other) => other !== one);
          waiting.unshift(one.id);
          queue.giveBack(entry(one.id));
        }
        const fresh = delivered.slice(before);
        held.push(...fresh);
        assert.deepEqual(fresh.map(({ id }) => id), waiting.splice(0, fresh.length));
        for (const { to } of fresh) free.set(to, free.get(to)! - 1);
        assert.ok([...free.values()].every((n) => n >= 0), "nobody holds too many");
        assert.ok(waiting.length === 0 || [...free.values()].every((n) => n === 0), "nobody idles");
      }
    })));

  it("lets workers take turns, and passes over one that is full", () => {
    const { queue, delivered, entry } = createTest();
    queue.serve("a", 1);
    queue.serve("b", 3);
    for (const id of ["1", "2", "3", "4", "5"]) queue.add(entry(id));
    assert.deepEqual(delivered.map(({ to }) => to), ["a", "b", "b", "b"]);
    queue.release("a");
    assert.deepEqual(delivered.at(-1), { id: "5", to: "a" });
  });

  it("drops what has expired, was removed, or came from somebody who is gone", () => {
    const { clock, queue, delivered, entry } = createTest();
    queue.add(entry("late", { expiresAt: 10 }));
    queue.add(entry("removed"));
    queue.add(entry("orphan", { from: "gone" }));
    queue.add(entry("good"));
    clock.now = 10;
    assert.equal(queue.remove("removed")?.request.id, "removed");
    assert.equal(queue.remove("removed"), undefined);
    queue.removeFrom("gone");
    queue.serve("a", 9);
    assert.deepEqual(delivered, [{ id: "good", to: "a" }]);
  });

  it("counts what waits and is still in time", () => {
    const { clock, queue, entry } = createTest();
    queue.serve("a", 1);
    for (const id of ["held", "1", "2"]) queue.add(entry(id));
    queue.add(entry("late", { expiresAt: 10 }));
    assert.equal(queue.countWaiting(), 3);
    clock.now = 10;
    assert.equal(queue.countWaiting(), 2);
  });

  it("puts what is given back before all that waits", () => {
    const { queue, delivered, entry } = createTest();
    for (const id of ["1", "2"]) queue.add(entry(id));
    queue.giveBack(entry("0"));
    queue.serve("a", 3);
    assert.deepEqual(delivered.map(({ id }) => id), ["0", "1", "2"]);
  });
});
