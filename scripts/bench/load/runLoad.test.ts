import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { runLoad } from "./runLoad.ts";

const LONG_MS = 60_000;

describe("load", () => {
  it("keeps as many requests under way as it is told, and counts all that came back", async () => {
    let underWay = 0;
    let most = 0;
    const call = async () => {
      most = Math.max(most, ++underWay);
      await setImmediate();
      underWay--;
      return 3;
    };
    const { requests, units } = await runLoad({ call }, { inFlight: 8, ms: LONG_MS, most: 100 });
    assert.equal(requests, 100);
    assert.equal(units, 300);
    assert.equal(most, 8);
  });

  it("numbers requests from 0, each once", async () => {
    const seen: number[] = [];
    const call = async (n: number) => {
      await setImmediate();
      return seen.push(n);
    };
    await runLoad({ call }, { inFlight: 3, ms: LONG_MS, most: 7 });
    assert.deepEqual(seen.toSorted(), [0, 1, 2, 3, 4, 5, 6]);
  });

  it("begins none when its time is over, and waits for those under way", async () => {
    let answered = 0;
    const call = async (n: number) => {
      if (n >= 2) await new Promise((resolve) => setTimeout(resolve, 30));
      return ++answered;
    };
    const { requests } = await runLoad({ call }, { inFlight: 4, ms: 10 });
    assert.equal(requests, answered);
  });

  it("fails with the first request that does", async () => {
    const call = async (n: number) => {
      await setImmediate();
      if (n === 5) throw new Error("no answer");
      return 1;
    };
    await assert.rejects(runLoad({ call }, { inFlight: 2, ms: LONG_MS, most: 10 }), /no answer/);
  });
});
