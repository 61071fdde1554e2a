import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import fc from "fast-check";
import { until } from "../../tests/harness/until.ts";
import { createCreditGate } from "./creditGate.ts";

const PATIENT = { stallMs: 60_000, onStall: () => assert.fail("it lost its patience") };

/** Counts how often a loop gets through a gate. */
const createLoop = (initial: number) => {
  const gate = createCreditGate(initial, PATIENT);
  const passed = { times: 0 };
  const loop = async (most: number) => {
    while (passed.times < most) {
      await gate.pass();
      gate.spend(1);
      passed.times++;
    }
  };
  return { ...gate, passed, done: loop(1_000) };
};

describe("createCreditGate", () => {
  it("lets through exactly what was granted, whenever that was", () =>
    fc.assert(fc.asyncProperty(
      fc.nat(5),
      fc.array(fc.record({ n: fc.integer({ min: 1, max: 9 }), waits: fc.boolean() }), {
        maxLength: 20,
      }),
      async (initial, grants) => {
        const { grant, open, passed, done } = createLoop(initial);
        let granted = 0;
        for (const { n, waits } of grants) {
          granted += n;
          // What is said twice, or late, is granted once.
          for (const total of [granted, granted, granted - n]) grant(total);
          if (waits) await nextTick();
          assert.ok(passed.times <= initial + granted);
        }
        await nextTick();
        assert.equal(passed.times, initial + granted);
        open();
        await done;
      },
    )));

  it("lets a chunk through that costs more than there is, and then waits until it is paid", async () => {
    const gate = createCreditGate(1, PATIENT);
    await gate.pass();
    gate.spend(10);
    let passed = false;
    const next = Promise.resolve(gate.pass()).then(() => passed = true);
    gate.grant(9);
    await nextTick();
    assert.equal(passed, false);
    gate.grant(10);
    await next;
  });

  it("lets everything through once it is open", async () => {
    const { open, passed, done } = createLoop(0);
    open();
    await done;
    assert.equal(passed.times, 1_000);
  });

  it("tells when no credit came for so long, while a loop waited", async () => {
    let stalls = 0;
    const gate = createCreditGate(2, { stallMs: 30, onStall: () => stalls++ });
    await gate.pass();
    gate.spend(2);
    const since = performance.now();
    const waiting = gate.pass();
    await until(() => stalls > 0);
    // Timers may be early by what is left of a millisecond.
    assert.ok(performance.now() - since >= 29);
    gate.open();
    await waiting;
    assert.equal(stalls, 1);
  });

  it("takes any credit for a sign of life, though it does not suffice", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let stalls = 0;
    const gate = createCreditGate(1, { stallMs: 100, onStall: () => stalls++ });
    gate.spend(10);
    void gate.pass();
    for (let n = 0; n < 5; n++) {
      t.mock.timers.tick(99);
      gate.grant(n + 1);
    }
    assert.equal(stalls, 0);
    t.mock.timers.tick(100);
    assert.equal(stalls, 1);
  });
});
