import type { Channel } from "amqplib";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import { createConsumption } from "./createConsumption.ts";

/** A channel that answers later, as a broker does, and what is consumed on it. */
const createSlowChannel = () => {
  const consumers = new Set<string>();
  let tags = 0;
  const listeners: (() => void)[] = [];
  const closed = { times: 0 };
  const channel = {
    assertQueue: (queue: string) => nextTick({ queue }),
    bindQueue: () => nextTick(),
    async consume() {
      await nextTick();
      const consumerTag = String(++tags);
      consumers.add(consumerTag);
      return { consumerTag };
    },
    once: (_event: string, listener: () => void) => listeners.push(listener),
    close() {
      closed.times++;
      for (const listener of listeners) listener();
      return Promise.resolve();
    },
    cancel: (tag: string) => nextTick().then(() => void consumers.delete(tag)),
  };
  // Of a channel no more than this is used.
  return { channel: channel as unknown as Channel, consumers, closed };
};

describe("createConsumption", () => {
  it("consumes once, though it is paused and resumed while its queue is declared", async () => {
    const { channel, consumers } = createSlowChannel();
    const { follow } = createConsumption(channel, {
      type: "a.b",
      before: () => nextTick(),
      onMessage() {},
    });
    let isPaused = false;
    const changes = [false, true, false, true, false].map((value) => {
      isPaused = value;
      return follow(() => isPaused);
    });
    await Promise.all(changes);
    assert.equal(consumers.size, 1);
    isPaused = true;
    await follow(() => isPaused);
    assert.equal(consumers.size, 0);
  });

  it("closes the channel where it cannot begin, so that its keeper tries again", async () => {
    const { channel, consumers, closed } = createSlowChannel();
    let fails = false;
    const { follow } = createConsumption(channel, {
      type: "a.b",
      before: () => fails ? Promise.reject(new Error("not heard yet")) : Promise.resolve(),
      onMessage() {},
    });
    await follow(() => false);
    await follow(() => true);
    fails = true;
    await assert.rejects(follow(() => false), /not heard yet/);
    assert.deepEqual([consumers.size, closed.times], [0, 1]);
  });
});
