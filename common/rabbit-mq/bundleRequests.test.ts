import assert from "node:assert/strict";
import { describe } from "node:test";
import { createAckDropper } from "../../tests/harness/dropAck.ts";
import { withProxy } from "../../tests/harness/withProxy.ts";
import {
  collectDeliveries,
  collectFrames,
  eventually,
  itWithBroker,
  type Open,
  requestOf,
  uniqueType,
  withBuses,
} from "./busFixture.ts";
import { withRawChannel } from "./rawFixture.ts";

/** Runs a test with a requester, and what it publishes of a type, message by message. */
const withTap = (
  test: (given: {
    requester: Awaited<ReturnType<typeof collectFrames>>["requester"];
    type: string;
    messages: { requests: Record<string, unknown>[]; expiration: unknown }[];
    open: Open;
  }) => Promise<void>,
): Promise<void> =>
  withBuses((open) =>
    withRawChannel(async ({ tapRequests }) => {
      const { requester } = await collectFrames((await open()).bus);
      const type = uniqueType();
      await test({ requester, type, messages: await tapRequests(type), open });
    })
  );

describe("requests of one type that are published in one tick", () => {
  itWithBroker(
    "share messages, as many in each as they allow, in order",
    () =>
      withTap(async ({ requester, type, messages }) => {
        const requests = Array.from({ length: 10 }, () => requestOf(type));
        await Promise.all(requests.map((request) => requester.publish(request, { together: 4 })));
        await eventually(() => messages.length === 3, "all messages arrive");
        assert.deepEqual(messages.map(({ requests }) => requests.length), [4, 4, 2]);
        assert.deepEqual(
          messages.flatMap(({ requests }) => requests.map(({ id }) => id)),
          requests.map(({ id }) => id),
        );
      }),
  );

  itWithBroker(
    "go by themselves where nothing else is said",
    () =>
      withTap(async ({ requester, type, messages }) => {
        await Promise.all([1, 2, 3].map(() => requester.publish(requestOf(type))));
        await eventually(() => messages.length === 3, "all messages arrive");
      }),
  );

  itWithBroker(
    "make two messages for each of several workers, so that all get some",
    () =>
      withTap(async ({ requester, type, messages }) => {
        const options = { together: 32, workers: 2 };
        await Promise.all(
          Array.from({ length: 40 }, () => requester.publish(requestOf(type), options)),
        );
        await eventually(() => messages.length === 4, "all messages arrive");
        assert.deepEqual(messages.map(({ requests }) => requests.length), [10, 10, 10, 10]);
      }),
  );

  itWithBroker(
    "share one only where their times are close; it lives as long as the longest",
    () =>
      withTap(async ({ requester, type, messages }) => {
        await Promise.all(
          [20_000, 19_900, 10_000].map((timeoutMs) =>
            requester.publish(requestOf(type, { timeoutMs }), { together: 8 })
          ),
        );
        await eventually(() => messages.length === 2, "all messages arrive");
        assert.deepEqual(messages.map(({ requests }) => requests.length), [2, 1]);
        const [shared] = messages;
        const times = shared!.requests.map(({ timeoutMs }) => Number(timeoutMs));
        assert.equal(Number(shared!.expiration), Math.max(...times));
        assert.ok(times[0]! > times[1]!, `each has its own time: ${times}`);
      }),
  );

  itWithBroker(
    "share none that would be larger than 256 KiB",
    () =>
      withTap(async ({ requester, type, messages }) => {
        const payload = { text: "x".repeat(50_000), bytes: new Uint8Array(50_000) };
        await Promise.all(
          [1, 2, 3].map(() => requester.publish(requestOf(type, { payload }), { together: 8 })),
        );
        await eventually(() => messages.length === 2, "all messages arrive");
        assert.deepEqual(messages.map(({ requests }) => requests.length), [2, 1]);
      }),
  );

  itWithBroker(
    "are refused alone where one cannot be written; the others go",
    () =>
      withTap(async ({ requester, type, messages }) => {
        const payloads = [1, 1n, 3];
        const published = await Promise.allSettled(
          payloads.map((payload) =>
            requester.publish(requestOf(type, { payload }), { together: 8 })
          ),
        );
        assert.deepEqual(published.map(({ status }) => status), [
          "fulfilled",
          "rejected",
          "fulfilled",
        ]);
        await eventually(() => messages.length === 2, "the others arrive");
        assert.deepEqual(
          messages.flatMap(({ requests }) => requests.map(({ payload }) => payload)),
          [1, 3],
        );
      }),
  );

  itWithBroker(
    "are each told NO_HANDLER where nobody ever served their type",
    () =>
      withBuses(async (open) => {
        const { requester } = await collectFrames((await open()).bus);
        const type = uniqueType();
        const published = [1, 2, 3].map(() => requester.publish(requestOf(type), { together: 8 }));
        for (const one of published) await assert.rejects(one, { code: "NO_HANDLER" });
      }),
  );

  itWithBroker("of a message whose confirm is lost go by the rule of each", () => {
    const dropper = createAckDropper();
    return withProxy(async ({ open, proxied }) => {
      const type = uniqueType();
      const { deliveries } = await collectDeliveries((await open()).bus, type);
      const { requester } = await collectFrames((await open(proxied, { confirmMs: 500 })).bus);
      const [again, once] = [requestOf(type, { idempotent: true }), requestOf(type)];
      dropper.drop();
      const published = [again, once].map((one) => requester.publish(one, { together: 8 }));
      await Promise.all([
        published[0],
        assert.rejects(published[1]!, { code: "BUS_UNAVAILABLE", retryable: true }),
      ]);
      await eventually(() => deliveries.length === 3, "the second copy arrives");
      assert.deepEqual(
        deliveries.map(({ request: { id, attempt } }) => [id, attempt]),
        [[again.id, 1], [once.id, 1], [again.id, 2]],
      );
    }, { incoming: dropper.filter });
  });
});
