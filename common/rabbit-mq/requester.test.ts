import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Control } from "../schemas/busMessages.ts";
import { collectFrames, eventually, itWithBroker, uniqueType, withBuses } from "./busFixture.ts";
import { withRawChannel } from "./rawFixture.ts";
import { CONTROL_KEYS, EXCHANGES } from "./topology.ts";

describe("a requester on RabbitMQ", () => {
  itWithBroker(
    "says what one tick has to say to one worker in one message, in order",
    () =>
      withBuses((open) =>
        withRawChannel(async ({ tap }) => {
          const type = uniqueType();
          const { requester } = await collectFrames((await open()).bus);
          const bodies = await tap(EXCHANGES.control, CONTROL_KEYS.type(type));
          const credit = (id: string, total: number): Control => ({ kind: "credit", id, total });
          const said = [credit("a", 32), credit("b", 32), credit("a", 64)];
          for (const control of said) requester.control(control, { type, timeoutMs: 60_000 });
          await eventually(() => bodies.length > 0, "they arrive");
          assert.deepEqual(bodies, [said]);
        })
      ),
  );
});
