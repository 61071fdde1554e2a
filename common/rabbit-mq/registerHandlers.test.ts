import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { describe } from "node:test";
import {
  collectDeliveries,
  collectFrames,
  eventually,
  itWithBroker,
  requestOf,
  uniqueType,
  withBuses,
} from "./busFixture.ts";
import { toBody } from "./messageBody.ts";
import { withRawChannel } from "./rawFixture.ts";

describe("a registered handler", () => {
  itWithBroker(
    "gives back what it has not begun: it is the same attempt elsewhere, with the time it has left",
    () =>
      withBuses(async (open) => {
        const { bus } = await open();
        const type = uniqueType();
        const first = await collectDeliveries(bus, type);
        const { requester, frames } = await collectFrames(bus);
        const request = requestOf(type);
        await requester.publish(request);
        await eventually(() => first.deliveries.length === 1, "the request arrives");
        const { timeoutMs: given } = first.deliveries[0]!.request;
        const second = await collectDeliveries((await open()).bus, type);
        await first.responder.pause();
        first.deliveries[0]!.giveBack!(1);
        await first.responder.close();
        await eventually(() => second.deliveries.length === 1, "the other worker gets it");
        const { request: { id, attempt, timeoutMs }, reply } = second.deliveries[0]!;
        assert.deepEqual([id, attempt], [request.id, 1]);
        assert.ok(timeoutMs < given, `${timeoutMs} ms are left of ${given}`);
        reply({ kind: "end", id, seq: 0 });
        await eventually(() => frames.length > 0, "its end arrives");
        assert.deepEqual(second.deliveries.length, 1);
      }),
  );

  itWithBroker(
    "counts the attempts of a request whose workers are lost, and gives it up after three",
    () =>
      withBuses(async (open) => {
        const { bus } = await open();
        const type = uniqueType();
        const { requester, frames } = await collectFrames(bus);
        const request = requestOf(type);
        let published: Promise<void> | undefined;
        for (const attempt of [1, 2, 3]) {
          const { bus: workerBus } = await open();
          const { responder, deliveries } = await collectDeliveries(workerBus, type);
          await (published ??= requester.publish(request));
          await eventually(() => deliveries.length === 1, `attempt ${attempt} is delivered`);
          assert.equal(deliveries[0]!.request.attempt, attempt);
          assert.equal(deliveries[0]!.request.id, request.id);
          await responder.close();
          deliveries[0]!.reply({ kind: "end", id: request.id, seq: 0 });
        }
        await withRawChannel(async ({ dead }) => {
          const { bus: workerBus, counts } = await open();
          const { deliveries } = await collectDeliveries(workerBus, type);
          const isOurs = ({ body }: { body: string }) => body.includes(request.id);
          await eventually(() => dead.some(isOurs), "it becomes a dead letter");
          await eventually(() => frames.length > 0, "its requester is told");
          assert.deepEqual(frames.map((frame) => "code" in frame && frame.code), ["WORKER_LOST"]);
          assert.deepEqual(deliveries, []);
          assert.deepEqual(counts, ["worker_lost"]);
          assert.equal(dead.filter(isOurs).length, 1);
        });
      }),
  );

  const broken: [what: string, body: (type: string, id: string) => Buffer, isTold: boolean][] = [
    ["bytes of no meaning", (_type, id) => Buffer.from(`no ${id}`), false],
    [
      "a field of the wrong type",
      (type, id) => toBody([{ ...requestOf(type), id, credit: "x" }]),
      true,
    ],
    ["a request of another type", (_type, id) => toBody([{ ...requestOf("other.run"), id }]), true],
  ];
  for (const [what, body, isTold] of broken) {
    itWithBroker(
      `makes ${what} one dead letter, tells who asked where it can, and serves on`,
      () =>
        withBuses((open) =>
          withRawChannel(async ({ send, dead, received }) => {
            const { bus, counts } = await open();
            const type = uniqueType();
            const { deliveries } = await collectDeliveries(bus, type);
            const id = `test:${randomUUID()}`;
            const good = requestOf(type);
            send(type, body(type, id));
            send(type, toBody([good]));
            await eventually(() => deliveries.length > 0, "the good request arrives");
            assert.equal(deliveries[0]!.request.id, good.id);
            const ours = () => dead.filter((letter) => letter.body.includes(id));
            await eventually(() => ours().length > 0, "the broken one becomes a dead letter");
            deliveries[0]!.reply({ kind: "end", id: good.id, seq: 0 });
            await eventually(() => received.length === (isTold ? 2 : 1), "the frames arrive");
            assert.equal(
              received.filter((text) => text.includes("INVALID_REQUEST")).length,
              isTold ? 1 : 0,
            );
            assert.deepEqual(ours().map(({ reason }) => reason), ["rejected"]);
            assert.deepEqual(counts, ["unparsable_request"]);
          })
        ),
    );
  }

  itWithBroker(
    "settles a message with several requests when the last of them has ended",
    () =>
      withBuses((open) =>
        withRawChannel(async ({ send, received, replyTo }) => {
          const { bus } = await open();
          const type = uniqueType();
          const first = await collectDeliveries(bus, type);
          const [a, b] = [requestOf(type), requestOf(type)];
          send(type, toBody([a, b]));
          await eventually(() => first.deliveries.length === 2, "both requests arrive");
          first.deliveries[0]!.reply({ kind: "end", id: a.id, seq: 0 });
          await eventually(() => received.length === 1, `the first end reaches ${replyTo}`);
          await first.responder.close();
          const second = await collectDeliveries(bus, type);
          await eventually(() => second.deliveries.length === 2, "both are delivered again");
          assert.deepEqual(second.deliveries.map(({ request }) => request.attempt), [2, 2]);
          for (const { request, reply } of second.deliveries) {
            reply({ kind: "end", id: request.id, seq: 0 });
          }
          await second.responder.close();
          const third = await collectDeliveries(bus, type);
          const later = requestOf(type);
          send(type, toBody([later]));
          await eventually(() => third.deliveries.length > 0, "a later request arrives");
          assert.deepEqual(
            third.deliveries.map(({ request }) => request.id),
            [later.id],
          );
        })
      ),
  );

  itWithBroker(
    "makes dead letters of those in a message that are broken or given up, and runs the others",
    () =>
      withBuses((open) =>
        withRawChannel(async ({ send, dead, received }) => {
          const { bus, counts } = await open();
          const type = uniqueType();
          const { deliveries } = await collectDeliveries(bus, type);
          const [good, next] = [requestOf(type), requestOf(type)];
          const broken = { ...requestOf(type), credit: "x" };
          const given = requestOf(type, { attempt: 4 });
          send(type, toBody([good, broken, given, next]));
          await eventually(() => deliveries.length === 2, "the good ones arrive");
          const idOf = ({ request: { id } }: { request: { id: string } }) => id;
          assert.deepEqual(deliveries.map(idOf), [good.id, next.id]);
          const ours = () => dead.map(({ body }) => body).filter((body) => body.includes(type));
          await eventually(() => ours().length === 2, "the others become dead letters");
          assert.ok(ours().every((body) => !body.includes(good.id) && !body.includes(next.id)));
          await eventually(() => received.join().includes(given.id), "who asked is told");
          assert.ok(received.join().includes(broken.id));
          assert.deepEqual(counts, ["unparsable_request", "worker_lost"]);
        })
      ),
  );
});
