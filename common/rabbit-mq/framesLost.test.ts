import { connect } from "amqplib";
import assert from "node:assert/strict";
import { describe } from "node:test";
import { withProxy } from "../../tests/harness/withProxy.ts";
import type { Requester } from "../bus/port.ts";
import {
  AMQP_URL,
  collectDeliveries,
  collectFrames,
  deleteQueue,
  eventually,
  itWithBroker,
  type Open,
  requestOf,
  type TestBus,
  uniqueType,
  withBuses,
} from "./busFixture.ts";
import { framesQueueName, requestQueueName } from "./topology.ts";

/** The name of the queue that answers to a requester go to, as a worker gets to know it. */
const framesQueueOf = async (requester: Requester, { bus }: TestBus): Promise<string> => {
  const type = uniqueType();
  const { responder } = await collectDeliveries(bus, type);
  await responder.close();
  await requester.publish(requestOf(type));
  const connection = await connect(AMQP_URL);
  try {
    const channel = await connection.createChannel();
    const message = await channel.get(requestQueueName(type), { noAck: true });
    assert.ok(message);
    return framesQueueName(message.properties.replyTo);
  } finally {
    await connection.close();
  }
};

/** Asks and answers once, from end to end. */
const goesThrough = async (
  { requester, frames }: Awaited<ReturnType<typeof collectFrames>>,
  open: Open,
): Promise<void> => {
  const type = uniqueType();
  const { deliveries } = await collectDeliveries((await open()).bus, type);
  const { id } = requestOf(type);
  await requester.publish(requestOf(type, { id }));
  await eventually(() => deliveries.length === 1, "the request arrives");
  deliveries[0]!.reply({ kind: "end", id, seq: 0 });
  await eventually(() => frames.some((frame) => frame.id === id), "the answer arrives");
};

describe("the queue of a requester's frames", () => {
  itWithBroker(
    "is deleted: the requester is told when frames can come again",
    () =>
      withBuses(async (open) => {
        const { bus } = await open();
        const asking = await collectFrames(bus);
        const queue = await framesQueueOf(asking.requester, await open());
        await deleteQueue(queue);
        await eventually(() => asking.lost.times > 0, "the requester is told");
        await goesThrough(asking, open);
        assert.equal(asking.lost.times, 1);
      }),
  );

  itWithBroker(
    "goes while the connection is away: the requester is told when that is back",
    () =>
      withProxy(async ({ open, proxy, proxied }) => {
        const { bus } = await open(proxied);
        const asking = await collectFrames(bus);
        const queue = await framesQueueOf(asking.requester, await open());
        proxy.pause();
        proxy.cut();
        await eventually(() => bus.state === "recovering", "it is noticed");
        await deleteQueue(queue);
        assert.equal(asking.lost.times, 0);
        proxy.resume();
        await eventually(() => asking.lost.times > 0, "the requester is told");
        await eventually(() => bus.state === "ready", "all is whole again");
        await goesThrough(asking, open);
        assert.equal(asking.lost.times, 1);
      }),
  );

  itWithBroker(
    "outlives a cut connection: nothing is lost, and nobody is told so",
    () =>
      withProxy(async ({ open, proxy, proxied }) => {
        const { bus } = await open(proxied);
        const asking = await collectFrames(bus);
        proxy.cut();
        await eventually(() => bus.state === "recovering", "it is noticed");
        await eventually(() => bus.state === "ready", "all is whole again");
        await goesThrough(asking, open);
        assert.equal(asking.lost.times, 0);
      }),
  );
});
