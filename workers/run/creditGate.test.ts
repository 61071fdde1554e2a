import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import fc from "fast-check";
import { createCreditGate } from "./creditGate.ts";

/** Counts how often a loop gets through a gate. */
const createLoop = (initial: number) => {
  const gate = createCreditGate(initial);
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
        let granted = initial;
        for (const { n, waits } of grants) {
          grant(n);
          granted += n;
          if (waits) await nextTick();
          assert.ok(passed.times <= granted);
        }
        await nextTick();
        assert.equal(passed.times, granted);
        open();
        await done;
      },
    )));

  it("lets a chunk through that costs more than there is, and then waits until it is paid", async () => {
    const gate = createCreditGate(1);
    await gate.pass();
    gate.spend(10);
    let passed = false;
    const next = gate.pass().then(() => passed = true);
    gate.grant(9);
    await nextTick();
    assert.equal(passed, false);
    gate.grant(1);
    await next;
  });

  it("lets everything through once it is open", async () => {
    const { open, passed, done } = createLoop(0);
    open();
    await done;
    assert.equal(passed.times, 1_000);
  });
});
