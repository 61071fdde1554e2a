import assert from "node:assert/strict";
import { describe } from "node:test";
import { type Proxied, withProxy } from "../../tests/harness/withProxy.ts";
import { createAckDropper } from "../../tests/harness/dropAck.ts";
import {
  collectDeliveries,
  collectFrames,
  eventually,
  itWithBroker,
  requestOf,
  uniqueType,
} from "./busFixture.ts";

/** Soon enough for a test, and longer than a broker on this machine ever takes. */
const CONFIRM_MS = 500;

/** Runs a test with a proxy that loses confirms. */
const withDropper = (
  test: (given: Proxied & { drop(count?: number): void }) => Promise<void>,
): Promise<void> => {
  const dropper = createAckDropper();
  return withProxy((given) => test({ ...given, drop: dropper.drop }), { incoming: dropper.filter });
};

/** A worker that ends each request the moment it comes. */
const answerAll = async ({ open }: Proxied, type: string) => {
  const { bus } = await open();
  const { deliveries } = await collectDeliveries(bus, type);
  const attempts = () => deliveries.map(({ request }) => request.attempt);
  const push = deliveries.push.bind(deliveries);
  deliveries.push = (...added) => {
    for (const { request, reply } of added) reply({ kind: "end", id: request.id, seq: 0 });
    return push(...added);
  };
  return attempts;
};

describe("a confirm that never comes", () => {
  itWithBroker(
    "of an idempotent request: it is published again, one attempt higher",
    () =>
      withDropper(async (given) => {
        const type = uniqueType();
        const attempts = await answerAll(given, type);
        const { bus, lines } = await given.open(given.proxied, { confirmMs: CONFIRM_MS });
        const { requester } = await collectFrames(bus);
        given.drop();
        await requester.publish(requestOf(type, { idempotent: true }));
        await eventually(() => attempts().length === 2, "the second copy arrives");
        assert.deepEqual(attempts(), [1, 2]);
        assert.ok(lines.some((line) => line.includes("has not confirmed a message")));
      }),
  );

  itWithBroker(
    "of an idempotent request, three times: it is given up, with the time it had far from over",
    () =>
      withDropper(async (given) => {
        const type = uniqueType();
        const attempts = await answerAll(given, type);
        const { bus } = await given.open(given.proxied, { confirmMs: CONFIRM_MS });
        const { requester } = await collectFrames(bus);
        given.drop(3);
        await assert.rejects(requester.publish(requestOf(type, { idempotent: true })), {
          code: "BUS_UNAVAILABLE",
          retryable: true,
        });
        await eventually(() => attempts().length === 3, "every copy arrives");
        assert.deepEqual(attempts(), [1, 2, 3]);
        await eventually(() => bus.state === "ready", "the connection is back");
        await requester.publish(requestOf(type));
      }),
  );

  itWithBroker(
    "of any other request: it fails, can be tried again, and is not sent a second time",
    () =>
      withDropper(async (given) => {
        const type = uniqueType();
        const attempts = await answerAll(given, type);
        const { bus } = await given.open(given.proxied, { confirmMs: CONFIRM_MS });
        const { requester } = await collectFrames(bus);
        given.drop();
        await assert.rejects(requester.publish(requestOf(type)), {
          code: "BUS_UNAVAILABLE",
          retryable: true,
        });
        await requester.publish(requestOf(type));
        await eventually(() => attempts().length >= 2, "the later request arrives");
        assert.deepEqual(attempts(), [1, 1]);
      }),
  );

  itWithBroker(
    "of a terminal frame: the frame is sent again, and its request does not come back",
    () =>
      withDropper(async ({ open, proxied, drop }) => {
        const type = uniqueType();
        const { bus } = await open();
        const { bus: workerBus } = await open(proxied, { confirmMs: CONFIRM_MS });
        const first = await collectDeliveries(workerBus, type);
        const { requester, frames } = await collectFrames(bus);
        const { id } = await publishNew(requester, type);
        await eventually(() => first.deliveries.length === 1, "the request arrives");
        drop();
        first.deliveries[0]!.reply({ kind: "end", id, seq: 0 });
        await eventually(() => frames.length === 2, "the frame comes twice");
        await first.responder.close();
        const second = await collectDeliveries(bus, type);
        const later = await publishNew(requester, type);
        await eventually(() => second.deliveries.length > 0, "the later request arrives");
        assert.deepEqual(second.deliveries.map(({ request }) => request.id), [later.id]);
      }),
  );

  for (const [attempt, expected] of [[1, [1, 2]], [2, [2, 3]]] as const) {
    itWithBroker(
      `of a request that is given back as attempt ${attempt}: the copy says one attempt more`,
      () =>
        withDropper(async ({ open, proxied, drop }) => {
          const type = uniqueType();
          const { bus } = await open();
          const { bus: leaving } = await open(proxied, { confirmMs: CONFIRM_MS });
          const first = await collectDeliveries(leaving, type);
          const { requester } = await collectFrames(bus);
          const { id } = await publishNew(requester, type);
          await eventually(() => first.deliveries.length === 1, "the request arrives");
          await first.responder.pause();
          drop();
          first.deliveries[0]!.giveBack!(attempt);
          const second = await collectDeliveries(bus, type);
          await eventually(() => second.deliveries.length > 0, "it is taken up elsewhere");
          // It has ended before its copy comes.
          second.deliveries[0]!.reply({ kind: "end", id, seq: 0 });
          await eventually(() => second.deliveries.length === 2, "its copy comes");
          assert.deepEqual(second.deliveries.map(({ request }) => request.attempt), expected);
        }),
    );
  }
});

const publishNew = async (
  requester: Awaited<ReturnType<typeof collectFrames>>["requester"],
  type: string,
) => {
  const request = requestOf(type);
  await requester.publish(request);
  return request;
};
