import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Bus, Delivery, ServeOptions } from "../common/bus/port.ts";
import type { Control } from "../common/schemas/busMessages.ts";
import type { Frame } from "../common/schemas/frames.ts";
import { createBroker } from "../common/embedded/createBroker.ts";
import { createEmbeddedBus } from "../common/embedded/createEmbeddedBus.ts";
import { createMemoryLinks } from "../common/embedded/memoryLink.ts";
import { createLogger } from "../common/logger.ts";
import { until } from "../tests/harness/until.ts";
import { createUplink } from "./createUplink.ts";
import { requestOf } from "./run/runFixture.ts";

const log = createLogger({ write: () => {} });
const TYPE = "a.b";

/** A bus that only delivers by hand, and keeps what is given back to it. */
const createHandBus = () => {
  const served = new Map<string, ServeOptions>();
  const back: [id: string, attempt: number][] = [];
  const said: unknown[] = [];
  let onFrame: (frame: Frame) => void = () => {};
  const nothing = () => Promise.resolve();
  const bus: Bus = {
    state: "ready",
    hasConsumer: () => Promise.resolve(true),
    queueDepths: () => Promise.resolve(new Map()),
    openRequester(options) {
      onFrame = options.onFrame;
      const control = (one: Control) => void said.push(one);
      return Promise.resolve({ isBlocked: false, publish: nothing, control, close: nothing });
    },
    openResponder: () =>
      Promise.resolve({
        serve(type, options) {
          served.set(type, options);
          return Promise.resolve({ pause: nothing, resume: nothing });
        },
        announce() {},
        pause: nothing,
        close: nothing,
      }),
    openPeer: () => Promise.reject(new Error("not used")),
    watchAnnouncements: nothing,
    close: nothing,
  };
  const deliver = (id: string): void => {
    const request = requestOf({ id, type: TYPE });
    const giveBack = (attempt: number) => void back.push([id, attempt]);
    served.get(TYPE)!.onRequest({ request, reply() {}, giveBack });
  };
  return { bus, served, back, said, deliver, answer: (frame: Frame) => onFrame(frame) };
};

/** A worker's broker with an uplink to a bus, and one plugin's own bus on it. */
const joinBroker = async (bus: Bus) => {
  const broker = createBroker({ log });
  const [near, far] = createMemoryLinks();
  broker.attach(far, { uplink: true });
  const uplink = await createUplink({ bus, link: near, worker: "w", log });
  const [pluginNear, pluginFar] = createMemoryLinks();
  broker.attach(pluginFar);
  return { uplink, plugin: createEmbeddedBus({ link: pluginNear, log }) };
};

describe("createUplink", () => {
  it("passes on a later run of what a plugin asked for, when an earlier one is stopped", async () => {
    const { bus, said, answer } = createHandBus();
    const { uplink, plugin } = await joinBroker(bus);
    const heard: Frame[] = [];
    const requester = await plugin.openRequester({ onFrame: (frame) => void heard.push(frame) });
    await requester.publish(requestOf({ id: "s:r.1", type: TYPE }));
    const reason = "a later run replaced it";
    const target = { type: TYPE, timeoutMs: 1_000 };
    requester.control({ kind: "cancel", id: "s:r.1", reason, attempt: 1 }, target);
    await until(() => said.length === 1);
    answer({ kind: "end", id: "s:r.1", seq: 0, data: 7, attempt: 2 });
    await until(() => heard.length === 1);
    await plugin.close();
    await uplink.close();
  });

  it("gives back what waits when it pauses, and what no plugin has when it closes", async () => {
    const { bus, served, back, deliver } = createHandBus();
    const { uplink, plugin } = await joinBroker(bus);
    const begun: Delivery[] = [];
    const responder = await plugin.openResponder({ worker: "w", onControl() {} });
    const onRequest = (delivery: Delivery) => void begun.push(delivery);
    await responder.serve(TYPE, { concurrency: 2, onRequest });
    const handler = { type: TYPE, concurrency: 2, streams: false, idempotent: false };
    const handlers = [{ ...handler, input: {}, output: {} }];
    responder.announce({ worker: "w", plugins: [{ name: "a", handlers }], broken: [] });
    await until(() => served.has(TYPE));

    for (const id of ["s:answered", "s:begun", "s:waits"]) deliver(id);
    await until(() => begun.length === 2);
    await uplink.pause();
    assert.deepEqual(back, [["s:waits", 1]], "it was never begun");
    await responder.pause();
    begun[0]!.reply({ kind: "end", id: "s:answered", seq: 0 });
    await plugin.close();
    await uplink.close();
    assert.deepEqual(back, [["s:waits", 1], ["s:begun", 2]]);
  });
});
