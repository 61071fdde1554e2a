import { connect } from "amqplib";
import assert from "node:assert/strict";
import { describe } from "node:test";
import { withProxy } from "../../tests/harness/withProxy.ts";
import type { Announcement } from "../schemas/catalog.ts";
import {
  AMQP_URL,
  collectDeliveries,
  collectFrames,
  deleteQueue,
  eventually,
  itWithBroker,
  requestOf,
  uniqueType,
  withBuses,
} from "./busFixture.ts";
import { requestQueueName } from "./topology.ts";

describe("a cut connection", () => {
  itWithBroker(
    "of a worker neither loses nor repeats what runs there: its frames follow in order",
    () =>
      withProxy(async ({ open, proxy, proxied }) => {
        const { bus } = await open();
        const { bus: workerBus } = await open(proxied);
        const type = uniqueType();
        const { deliveries } = await collectDeliveries(workerBus, type);
        const { requester, frames } = await collectFrames(bus);
        const request = requestOf(type);
        const { id } = request;
        await requester.publish(request);
        await eventually(() => deliveries.length === 1, "the request arrives");
        const { reply } = deliveries[0]!;
        for (let seq = 0; seq < 500; seq++) {
          reply({ kind: "chunk", id, seq });
          if (seq === 200) proxy.cut();
          if (seq === 300) {
            await eventually(() => workerBus.state === "recovering", "it is noticed");
          }
        }
        await eventually(() => workerBus.state === "ready", "the connection comes back");
        reply({ kind: "end", id, seq: 500 });
        await eventually(() => frames.at(-1)?.kind === "end", "the end arrives");
        const seen = new Set<number>();
        for (const frame of frames) {
          if (!("seq" in frame) || seen.has(frame.seq)) continue;
          assert.equal(frame.seq, seen.size, "frames are repeated at most, never missing or ahead");
          seen.add(frame.seq);
        }
        assert.equal(seen.size, 501);
        const later = requestOf(type);
        await requester.publish(later);
        await eventually(() => deliveries.length > 1, "a later request arrives");
        assert.deepEqual(deliveries.map(({ request }) => request.id), [id, later.id]);
      }),
  );

  itWithBroker(
    "of a gateway loses none of the frames sent meanwhile",
    () =>
      withProxy(async ({ open, proxy, proxied }) => {
        const { bus: gateway } = await open(proxied);
        const { bus } = await open();
        const type = uniqueType();
        const { deliveries } = await collectDeliveries(bus, type);
        const { requester, frames } = await collectFrames(gateway);
        const request = requestOf(type);
        await requester.publish(request);
        await eventually(() => deliveries.length === 1, "the request arrives");
        proxy.cut();
        await eventually(() => gateway.state === "recovering", "it is noticed");
        deliveries[0]!.reply({ kind: "end", id: request.id, seq: 0, data: 7 });
        await eventually(() => frames.length > 0, "the frame arrives");
        assert.deepEqual(frames, [{ kind: "end", id: request.id, seq: 0, data: 7 }]);
        await eventually(() => gateway.state === "ready", "the connection is whole again");
        await requester.publish(requestOf(type));
        await eventually(() => deliveries.length === 2, "requests go through again");
      }),
  );

  itWithBroker(
    "makes a worker announce itself again, and hear control messages again",
    () =>
      withProxy(async ({ open, proxy, proxied }) => {
        const { bus } = await open();
        const { bus: workerBus } = await open(proxied);
        const worker = uniqueType();
        const cancelled: string[] = [];
        const responder = await workerBus.openResponder({
          worker,
          onControl: (control) => void cancelled.push(control.id),
        });
        await responder.serve(worker, { concurrency: 1, onRequest: () => {} });
        const heard: Announcement[] = [];
        await bus.watchAnnouncements((one) => {
          if (one.worker === worker) heard.push(one);
        });
        responder.announce({ worker, plugins: [], broken: [] });
        await eventually(() => heard.length > 0, "it is announced");
        proxy.cut();
        await eventually(() => workerBus.state === "recovering", "it is noticed");
        heard.length = 0;
        await eventually(() => heard.length > 0, "it is announced again");
        await eventually(() => workerBus.state === "ready", "the connection is whole again");
        const { requester } = await collectFrames(bus);
        requester.control({ kind: "cancel", id: "x", reason: "" }, {
          type: worker,
          timeoutMs: 60_000,
        });
        await eventually(() => cancelled.length === 1, "the control message arrives");
      }),
  );

  itWithBroker(
    "lets a request wait, and go out with the time it has left",
    () =>
      withProxy(async ({ open, proxy, proxied }) => {
        const { bus } = await open();
        const { bus: gateway } = await open(proxied);
        const type = uniqueType();
        const { deliveries } = await collectDeliveries(bus, type);
        const { requester } = await collectFrames(gateway);
        proxy.cut();
        await eventually(() => gateway.state === "recovering", "it is noticed");
        await requester.publish(requestOf(type, { timeoutMs: 30_000, idempotent: true }));
        await eventually(() => deliveries.length === 1, "the request arrives");
        const { timeoutMs, attempt } = deliveries[0]!.request;
        assert.equal(attempt, 1, "it was certainly not sent before");
        assert.ok(timeoutMs < 30_000 && timeoutMs > 10_000, `${timeoutMs} ms were left`);
      }),
  );

  itWithBroker(
    "that does not come back rejects a request with BUS_UNAVAILABLE when its time is over",
    () =>
      withProxy(async ({ open, proxy, proxied }) => {
        const { bus } = await open(proxied);
        const { requester } = await collectFrames(bus);
        await proxy.close();
        await eventually(() => bus.state === "recovering", "it is noticed");
        const publishing = requester.publish(requestOf(uniqueType(), { timeoutMs: 50 }));
        await assert.rejects(publishing, { code: "BUS_UNAVAILABLE", retryable: true });
        const waiting = requester.publish(requestOf(uniqueType()));
        await Promise.all([
          assert.rejects(waiting, { code: "BUS_UNAVAILABLE" }),
          bus.close(),
        ]);
        assert.equal(bus.state, "closed");
        await assert.rejects(requester.publish(requestOf(uniqueType())), {
          code: "BUS_UNAVAILABLE",
        });
        await assert.rejects(bus.openRequester({ onFrame: () => {} }), { code: "BUS_UNAVAILABLE" });
      }),
  );
});

describe("a broker that does as it likes", () => {
  itWithBroker(
    "says nothing: the bus can be closed within seconds all the same",
    () =>
      withProxy(async ({ open, proxy, proxied }) => {
        const { bus } = await open(proxied);
        const { requester } = await collectFrames(bus);
        proxy.pause();
        const publishing = requester.publish(requestOf(uniqueType()));
        const start = performance.now();
        await Promise.all([
          assert.rejects(publishing, { code: "BUS_UNAVAILABLE" }),
          requester.close(),
          bus.close(),
        ]);
        assert.ok(performance.now() - start < 8_000);
      }),
  );

  itWithBroker(
    "deletes a queue: it is declared and consumed anew",
    () =>
      withBuses(async (open) => {
        const { bus } = await open();
        const type = uniqueType();
        const { deliveries } = await collectDeliveries(bus, type);
        const { requester } = await collectFrames(bus);
        await deleteQueue(requestQueueName(type));
        const isTaken = () => requester.publish(requestOf(type)).then(() => true, () => false);
        await eventually(isTaken, "a request is taken");
        await eventually(() => deliveries.length === 1, "the request arrives");
      }),
  );

  itWithBroker(
    "refuses a queue: serving its type fails, and the rest goes on",
    () =>
      withBuses(async (open) => {
        const { bus } = await open();
        const type = uniqueType();
        const connection = await connect(AMQP_URL);
        try {
          const channel = await connection.createChannel();
          await channel.assertQueue(`plugboard.requests.${type}`, {
            durable: true,
            expires: 60_000,
          });
          await assert.rejects(collectDeliveries(bus, type), /PRECONDITION_FAILED/);
          assert.equal(bus.state, "ready");
        } finally {
          await connection.close();
        }
      }),
  );
});
