import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Delivery } from "../bus/port.ts";
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

const end = ({ request: { id }, reply }: Delivery): void => reply({ kind: "end", id, seq: 0 });

describe("a message with several requests", () => {
  itWithBroker(
    "that lost its worker comes back one by one, as further attempts",
    () =>
      withBuses((open) =>
        withRawChannel(async ({ send, tapRequests }) => {
          const type = uniqueType();
          const { bus: lost } = await open();
          const first = await collectDeliveries(lost, type);
          const requests = Array.from({ length: 3 }, () => requestOf(type, { idempotent: true }));
          send(type, toBody(requests));
          await eventually(() => first.deliveries.length === 3, "all arrive");
          const messages = await tapRequests(type);
          await lost.close();
          const { deliveries } = await collectDeliveries((await open()).bus, type);
          await eventually(() => deliveries.length === 3, "all are delivered again");
          assert.deepEqual(
            deliveries.map(({ request: { id, attempt } }) => [id, attempt]),
            requests.map(({ id }) => [id, 2]),
          );
          assert.deepEqual(messages.map(({ requests }) => requests.length), [1, 1, 1]);
        })
      ),
  );
});

describe("a worker that is offered bunches", () => {
  itWithBroker(
    "holds few more than it can run, and as many single ones as ever",
    () =>
      withBuses((open) =>
        withRawChannel(async ({ waiting }) => {
          const type = uniqueType();
          // Bunches of two, and places for four messages at first.
          const options = { concurrency: 8 };
          const { deliveries } = await collectDeliveries((await open()).bus, type, options);
          const { requester } = await collectFrames((await open()).bus);
          const publish = (together: number) => requester.publish(requestOf(type), { together });
          await Promise.all(Array.from({ length: 40 }, () => publish(2)));
          await eventually(async () => await waiting(type) === 16, "it takes four of the twenty");
          let ended = 0;
          const endUntil = async (count: number): Promise<void> => {
            while (ended < count) {
              await eventually(() => deliveries.length > ended, "the next begins");
              end(deliveries[ended++]!);
            }
          };
          await endUntil(16);
          const runs = () => deliveries.length - ended;
          await eventually(() => runs() >= 8, "it runs as many as it may");
          assert.ok(runs() <= 10, `it runs ${runs()}, a bunch more than that at most`);
          await endUntil(40);
          for (let i = 0; i < 9; i++) await publish(1);
          await eventually(() => deliveries.length === 48, "it runs as many single ones");
          assert.equal(await waiting(type), 1);
        })
      ),
  );
});
