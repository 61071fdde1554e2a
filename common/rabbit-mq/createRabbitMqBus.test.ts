import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Control } from "../schemas/busMessages.ts";
import type { Announcement } from "../schemas/catalog.ts";
import { createLogger } from "../logger.ts";
import {
  AMQP_URL,
  collectDeliveries,
  collectFrames,
  eventually,
  itWithBroker,
  requestOf,
  uniqueType,
  withBuses,
} from "./busFixture.ts";
import { createRabbitMqBus } from "./createRabbitMqBus.ts";

const log = createLogger({ write: () => {} });

describe("the RabbitMQ bus", () => {
  itWithBroker(
    "carries a request to a worker and its frames back, binary as it is",
    () =>
      withBuses(async (open) => {
        const { bus } = await open();
        const { bus: workerBus, counts } = await open();
        const type = uniqueType();
        const { deliveries } = await collectDeliveries(workerBus, type);
        const { requester, frames } = await collectFrames(bus);
        assert.equal(bus.state, "ready");
        const request = requestOf(type, {
          payload: { name: "é", bytes: new Uint8Array([0, 255]) },
          principal: { id: "ann" },
          trace: "t-1",
        });
        await requester.publish(request);
        await eventually(() => deliveries.length === 1, "the request arrives");
        const [delivery] = deliveries;
        assert.ok(delivery!.request.timeoutMs > 29_000);
        assert.deepEqual({ ...delivery!.request, timeoutMs: 30_000 }, request);
        const { id } = request;
        delivery!.reply({ kind: "chunk", id, seq: 0, data: new Uint8Array([1, 2]) });
        delivery!.reply({ kind: "end", id, seq: 1 });
        delivery!.reply({ kind: "log", id, level: "info", message: "too late" });
        await eventually(() => frames.length === 2, "the frames arrive");
        assert.deepEqual(frames, [
          { kind: "chunk", id, seq: 0, data: new Uint8Array([1, 2]) },
          { kind: "end", id, seq: 1 },
        ]);
        await workerBus.close();
        assert.equal(workerBus.state, "closed");
        assert.deepEqual(counts, []);
      }),
  );

  itWithBroker(
    "settles a request by its terminal frame: the next worker does not get it",
    () =>
      withBuses(async (open) => {
        const { bus } = await open();
        const type = uniqueType();
        const first = await collectDeliveries(bus, type);
        const { requester, frames } = await collectFrames(bus);
        const request = requestOf(type);
        await requester.publish(request);
        await eventually(() => first.deliveries.length === 1, "the request arrives");
        first.deliveries[0]!.reply({ kind: "end", id: request.id, seq: 0 });
        await first.responder.close();
        const second = await collectDeliveries(bus, type);
        const later = requestOf(type);
        await requester.publish(later);
        await eventually(() => second.deliveries.length > 0, "the later request arrives");
        assert.deepEqual(second.deliveries.map(({ request }) => request.id), [later.id]);
        assert.deepEqual(frames.map(({ kind }) => kind), ["end"]);
      }),
  );

  itWithBroker("keeps the order of 10,000 frames", () =>
    withBuses(async (open) => {
      const { bus } = await open();
      const type = uniqueType();
      const { deliveries } = await collectDeliveries(bus, type);
      const { requester, frames } = await collectFrames(bus);
      const { id } = await publishNew(requester, type);
      await eventually(() => deliveries.length === 1, "the request arrives");
      for (let seq = 0; seq < 10_000; seq++) deliveries[0]!.reply({ kind: "chunk", id, seq });
      deliveries[0]!.reply({ kind: "end", id, seq: 10_000 });
      await eventually(() => frames.at(-1)?.kind === "end", "the end arrives");
      const wrong = frames.findIndex((frame, index) => !("seq" in frame) || frame.seq !== index);
      assert.equal(wrong, -1);
      assert.equal(frames.length, 10_001);
    }));

  itWithBroker("gives each requester its own frames only", () =>
    withBuses(async (open) => {
      const { bus } = await open();
      const type = uniqueType();
      const { deliveries } = await collectDeliveries(bus, type);
      const [a, b] = await Promise.all([collectFrames(bus), collectFrames(bus)]);
      const [idA, idB] = [await publishNew(a.requester, type), await publishNew(b.requester, type)];
      await eventually(() => deliveries.length === 2, "both requests arrive");
      for (const { request, reply } of deliveries) reply({ kind: "end", id: request.id, seq: 0 });
      await eventually(() => a.frames.length > 0 && b.frames.length > 0, "both ends arrive");
      assert.deepEqual(a.frames.map(({ id }) => id), [idA.id]);
      assert.deepEqual(b.frames.map(({ id }) => id), [idB.id]);
    }));

  itWithBroker(
    "holds no more unsettled deliveries than the concurrency, and shares the rest",
    () =>
      withBuses(async (open) => {
        const { bus } = await open();
        const type = uniqueType();
        const a = await collectDeliveries(bus, type, { concurrency: 2 });
        const { requester } = await collectFrames(bus);
        for (let i = 0; i < 5; i++) await publishNew(requester, type);
        const b = await collectDeliveries(bus, type, { concurrency: 2 });
        await eventually(() => b.deliveries.length === 2, "the second worker takes its share");
        assert.equal(a.deliveries.length, 2);
        const { request, reply } = a.deliveries[0]!;
        reply({ kind: "end", id: request.id, seq: 0 });
        await eventually(() => a.deliveries.length === 3, "a free place is filled");
        assert.equal(b.deliveries.length, 2);
      }),
  );

  itWithBroker(
    "takes no new request while paused, and still replies",
    () =>
      withBuses(async (open) => {
        const { bus } = await open();
        const type = uniqueType();
        const a = await collectDeliveries(bus, type);
        const { requester, frames } = await collectFrames(bus);
        const { id } = await publishNew(requester, type);
        await eventually(() => a.deliveries.length === 1, "the request arrives");
        await a.responder.pause();
        const later = await publishNew(requester, type);
        const b = await collectDeliveries(bus, type);
        await eventually(() => b.deliveries.length === 1, "the other worker takes the next");
        assert.equal(b.deliveries[0]!.request.id, later.id);
        a.deliveries[0]!.reply({ kind: "end", id, seq: 0 });
        await eventually(() => frames.length === 1, "the paused worker's end arrives");
        assert.equal(a.deliveries.length, 1);
      }),
  );

  itWithBroker(
    "rejects a request of a type nobody ever served with NO_HANDLER",
    () =>
      withBuses(async (open) => {
        const { requester } = await collectFrames((await open()).bus);
        const type = uniqueType();
        await assert.rejects(requester.publish(requestOf(type)), (error: Error) => {
          assert.equal((error as Error & { code: string }).code, "NO_HANDLER");
          assert.ok(error.message.includes(type));
          return true;
        });
      }),
  );

  itWithBroker(
    "takes control messages to one worker, or to all of a type: there goes every cancel of all runs",
    () =>
      withBuses(async (open) => {
        const { bus } = await open();
        const type = uniqueType();
        const heard: Record<string, string[]> = { [`a-${type}`]: [], [`b-${type}`]: [] };
        for (const [worker, ids] of Object.entries(heard)) {
          const onControl = (control: Control) => void ids.push(control.id);
          const responder = await bus.openResponder({ worker, onControl });
          await responder.serve(type, { concurrency: 1, onRequest: () => {} });
        }
        const { requester } = await collectFrames(bus);
        const cancel = { kind: "cancel", reason: "x" } as const;
        const toType = { type, timeoutMs: 60_000 };
        const toOne = { ...toType, worker: `b-${type}` };
        requester.control({ ...cancel, id: "elsewhere" }, { ...toType, type: uniqueType() });
        requester.control({ ...cancel, id: "run", attempt: 1 }, toOne);
        requester.control({ kind: "credit", id: "one", total: 3 }, toOne);
        requester.control({ ...cancel, id: "request" }, toOne);
        requester.control({ kind: "credit", id: "all", total: 3 }, toType);
        const [a, b] = Object.values(heard);
        await eventually(() => a!.length + b!.length >= 6, "all hear");
        assert.deepEqual(a!.toSorted(), ["all", "request"]);
        assert.deepEqual(b!.toSorted(), ["all", "one", "request", "run"]);
      }),
  );

  itWithBroker(
    "tells a watcher who is there at once, and what is announced later",
    () =>
      withBuses(async (open) => {
        const { bus } = await open();
        const { bus: gateway } = await open();
        const worker = uniqueType();
        const responder = await bus.openResponder({ worker, onControl: () => {} });
        const announcement: Announcement = { worker, plugins: [], broken: [] };
        const early: Announcement[] = [];
        await bus.watchAnnouncements((one) => void early.push(one));
        responder.announce(announcement);
        await eventually(() => early.some((one) => one.worker === worker), "it is announced");
        const heard: Announcement[] = [];
        const ours = () => heard.filter((one) => one.worker === worker);
        await gateway.watchAnnouncements((one) => void heard.push(one));
        await eventually(() => ours().length > 0, "the worker answers who is there");
        assert.partialDeepStrictEqual(ours()[0], announcement);
        responder.announce({ ...announcement, goodbye: true });
        await responder.close();
        await eventually(() => ours().at(-1)?.goodbye === true, "the goodbye arrives");
      }),
  );
});

describe("connecting to RabbitMQ", () => {
  const message = (url: string): Promise<string> =>
    createRabbitMqBus({ url, log }).then(() => "connected", (error: Error) => error.message);

  it("names a broker that is not there, without its password, and the remedy", async () => {
    assert.equal(
      await message("amqp://ann:s3cret@127.0.0.1:1/shop"),
      "RabbitMQ at amqp://ann:***@127.0.0.1:1/shop cannot be used: " +
        "nothing listens there. Start it, or correct AMQP_URL.",
    );
  });

  it("says when the host name is not known", async () => {
    assert.match(await message("amqp://no-such-host.invalid"), /its host name is not known/);
  });

  itWithBroker("says when the broker refuses the password or the virtual host", async () => {
    const wrongPassword = new URL(AMQP_URL);
    wrongPassword.password = "s3cret";
    assert.match(await message(wrongPassword.href), /:\*\*\*@.*refuses the user name or password/);
    const wrongHost = new URL(AMQP_URL);
    wrongHost.pathname = "/no-such-virtual-host";
    assert.match(await message(wrongHost.href), /does not let this user into that virtual host/);
  });
});

const publishNew = async (
  requester: Awaited<ReturnType<typeof collectFrames>>["requester"],
  type: string,
) => {
  const request = requestOf(type);
  await requester.publish(request);
  return request;
};
