import type { ConfirmChannel } from "amqplib";
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createLogger } from "../logger.ts";
import { eventually } from "./busFixture.ts";
import type { Connection } from "./connection.ts";
import { keepChannel } from "./keepChannel.ts";

/** A connection whose channels do nothing but close when they are told to. */
const fakeConnection = () => {
  const channels: EventEmitter[] = [];
  const connection: Connection = {
    state: { status: "ready" },
    openChannel() {
      const channel = new EventEmitter();
      channels.push(channel);
      const close = () => Promise.resolve(void channel.emit("close"));
      // Only what `keepChannel` itself uses.
      return Promise.resolve(Object.assign(channel, { close }) as unknown as ConfirmChannel);
    },
    onChange: () => {},
    cut: () => {},
    close: () => Promise.resolve(),
  };
  return { connection, channels };
};

describe("a kept channel", () => {
  it("is opened again at once when it was lost, and only after a pause when that is no help", async () => {
    const { connection, channels } = fakeConnection();
    const log = createLogger({ write: () => {} });
    const kept = keepChannel(connection, { name: "x", log, setUp: () => Promise.resolve() });
    try {
      await kept.opened;
      channels[0]!.emit("close");
      // Microtasks alone: no timer ends within one turn of the event loop.
      await setImmediate();
      assert.equal(channels.length, 2);
      assert.ok(kept.isOpen);
      channels[1]!.emit("close");
      await setImmediate();
      assert.equal(channels.length, 2);
      await eventually(() => channels.length === 3, "it is opened after the pause");
    } finally {
      await kept.close();
    }
  });
});
