import type { Channel } from "amqplib";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import { createConsumption } from "./createConsumption.ts";

/** A channel that answers later, as a broker does, and what is open on it. */
const createSlowChannel = () => {
  const intakes = new Set<object>();
  const listeners: (() => void)[] = [];
  const closed = { times: 0 };
  const channel = {
    assertQueue: (queue: string) => nextTick({ queue }),
    bindQueue: () => nextTick(),
    once: (_event: string, listener: () => void) => listeners.push(listener),
    close() {
      closed.times++;
      for (const listener of listeners) listener();
      return Promise.resolve();
    },
  };
  const open = async () => {
    await nextTick();
    const intake = { stop: () => nextTick().then(() => void intakes.delete(intake)) };
    intakes.add(intake);
    return intake;
  };
  // Of a channel no more than this is used.
  return { channel: channel as unknown as Channel, open, intakes, closed };
};

describe("createConsumption", () => {
  it("consumes once, though it is paused and resumed while its queue is declared", async () => {
    const { channel, open, intakes } = createSlowChannel();
    const { follow } = createConsumption(channel, {
      type: "a.b",
      before: () => nextTick(),
      open,
    });
    let isPaused = false;
    const changes = [false, true, false, true, false].map((value) => {
      isPaused = value;
      return follow(() => isPaused);
    });
    await Promise.all(changes);
    assert.equal(intakes.size, 1);
    isPaused = true;
    await follow(() => isPaused);
    assert.equal(intakes.size, 0);
  });

  it("closes the channel where it cannot begin, so that its keeper tries again", async () => {
    const { channel, open, intakes, closed } = createSlowChannel();
    let fails = false;
    const { follow } = createConsumption(channel, {
      type: "a.b",
      before: () => fails ? Promise.reject(new Error("not heard yet")) : Promise.resolve(),
      open,
    });
    await follow(() => false);
    await follow(() => true);
    fails = true;
    await assert.rejects(follow(() => false), /not heard yet/);
    assert.deepEqual([intakes.size, closed.times], [0, 1]);
  });
});
