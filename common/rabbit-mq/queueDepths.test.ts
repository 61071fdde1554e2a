import assert from "node:assert/strict";
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

describe("queueDepths", () => {
  itWithBroker(
    "tells how many requests wait for a worker, of the types that there are",
    () =>
      withBuses(async (open) => {
        const { bus } = await open();
        const { bus: workerBus } = await open();
        const [type, other] = [uniqueType(), uniqueType()];
        const { deliveries } = await collectDeliveries(workerBus, type, { concurrency: 1 });
        await collectDeliveries(workerBus, other);
        const { requester } = await collectFrames(bus);
        for (let n = 0; n < 3; n++) await requester.publish(requestOf(type));
        await eventually(() => deliveries.length === 1, "the first is delivered");
        const asked = [uniqueType(), type, uniqueType(), other];
        assert.deepEqual([...await bus.queueDepths(asked)], [[type, 2], [other, 0]]);
        assert.equal(bus.state, "ready");
      }),
  );
});
