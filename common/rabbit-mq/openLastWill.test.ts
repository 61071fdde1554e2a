import assert from "node:assert/strict";
import { describe } from "node:test";
import { connect } from "amqplib";
import { withProxy } from "../../tests/harness/withProxy.ts";
import type { Bus } from "../bus/port.ts";
import type { Announcement } from "../schemas/catalog.ts";
import { AMQP_URL, eventually, itWithBroker, uniqueType, withBuses } from "./busFixture.ts";

/** Opens a worker that has announced itself. */
const openWorker = async (bus: Bus, worker: string) => {
  const responder = await bus.openResponder({ worker, onControl: () => {} });
  const announce = () => responder.announce({ worker, plugins: [], broken: [] });
  announce();
  return { announce };
};

/** Keeps what is said of a worker from now on. */
const hear = async (bus: Bus, worker: string): Promise<Announcement[]> => {
  const heard: Announcement[] = [];
  await bus.watchAnnouncements((one) => {
    if (one.worker === worker) heard.push(one);
  });
  return heard;
};

describe("the last will of a worker", () => {
  itWithBroker(
    "is heard when its connection is lost, and it is there again when that is back",
    () =>
      withProxy(async ({ open, proxy, proxied }) => {
        const { bus: gateway } = await open();
        const { bus } = await open(proxied);
        const worker = uniqueType();
        const heard = await hear(gateway, worker);
        await openWorker(bus, worker);
        await eventually(() => heard.length > 0, "it is announced");
        proxy.cut();
        await eventually(() => heard.length > 2, "it is gone, and comes back");
        const [before, goodbye, after] = heard;
        assert.deepEqual(heard.map((one) => one.goodbye ?? false), [false, true, false]);
        assert.deepEqual(goodbye!.life, before!.life);
        assert.notEqual(goodbye!.life!.id, after!.life!.id);
      }),
  );

  itWithBroker(
    "is of the lost connection alone, where the worker was back before that was noticed",
    () =>
      withBuses(async (open) => {
        const { bus: gateway } = await open();
        const [{ bus: lost }, { bus: next }] = [await open(), await open()];
        const worker = uniqueType();
        const heard = await hear(gateway, worker);
        await openWorker(lost, worker);
        const { announce } = await openWorker(next, worker);
        await eventually(() => heard.length > 1, "both are announced");
        announce();
        await lost.close();
        await eventually(() => heard.some(({ goodbye }) => goodbye), "the one is gone");
        const of = (said: boolean) => heard.filter(({ goodbye = false }) => goodbye === said);
        assert.deepEqual(of(true).map(({ life }) => life), [of(false)[0]!.life]);
        assert.notEqual(of(false).at(-1)!.life!.id, of(false)[0]!.life!.id);
      }),
  );

  itWithBroker(
    "is left anew with each announcement, so that no acknowledgement is owed for long",
    () =>
      withBuses(async (open) => {
        const { bus: gateway } = await open();
        const worker = uniqueType();
        const heard = await hear(gateway, worker);
        const { announce } = await openWorker((await open()).bus, worker);
        await eventually(() => heard.length > 0, "it is announced");
        const raw = await connect(AMQP_URL);
        try {
          const channel = await raw.createChannel();
          let wills = 0;
          // It and the worker take turns.
          const count = () => void wills++;
          await channel.consume(`plugboard.will.${heard[0]!.life!.id}`, count, { noAck: true });
          for (let n = 0; n < 6; n++) announce();
          await eventually(() => wills === 3, "every second one comes here");
        } finally {
          await raw.close();
        }
      }),
  );

  itWithBroker(
    "takes the place of the one before",
    () =>
      withBuses(async (open) => {
        const { bus: gateway } = await open();
        const { bus } = await open();
        const worker = uniqueType();
        const heard = await hear(gateway, worker);
        const { announce } = await openWorker(bus, worker);
        for (let n = 0; n < 9; n++) announce();
        await eventually(() => heard.length === 10, "all is heard");
        await bus.close();
        const other = await openWorker((await open()).bus, worker);
        await eventually(() => heard.length >= 12, "the goodbye, and what is said after it");
        other.announce();
        await eventually(() => heard.length >= 13, "and some more");
        // The newest may have been on its way still.
        assert.ok(heard.filter(({ goodbye }) => goodbye).length <= 2);
      }),
  );
});
