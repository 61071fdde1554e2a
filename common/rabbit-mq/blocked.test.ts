import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe } from "node:test";
import { withProxy } from "../../tests/harness/withProxy.ts";
import { BASIC_ACK, createAmqpFilter } from "../../tests/harness/amqpFilter.ts";
import { settlesWithin } from "../settlesWithin.ts";
import {
  collectDeliveries,
  collectFrames,
  eventually,
  itWithBroker,
  requestOf,
  uniqueType,
} from "./busFixture.ts";

const CONFIRM_MS = 300;
const CONNECTION = 10;

/** A method frame on channel 0. */
const notice = (method: number, reason = ""): Uint8Array => {
  const text = Buffer.from(reason);
  const argument = reason === "" ? [] : [text.length, ...text];
  return Buffer.from([1, 0, 0, 0, 0, 0, 4 + argument.length, 0, CONNECTION, 0, method].concat(
    argument,
    0xce,
  ));
};
const BLOCKED = notice(60, "low on memory");
const UNBLOCKED = notice(61);

describe("a broker short of memory", () => {
  itWithBroker(
    "refuses new requests at once and says why; one that it has already waits, and nothing is cut",
    () => {
      /** What stands in for the next confirm: the broker takes no message any more, or does again. */
      let instead: Uint8Array[] | undefined;
      const onFrame = (frame: Uint8Array, method: number): Uint8Array[] => {
        const out = method === BASIC_ACK ? instead ?? [frame] : [frame];
        if (method === BASIC_ACK) instead = undefined;
        return out;
      };
      const incoming = () => createAmqpFilter({ from: "broker", onFrame });
      return withProxy(async ({ open, proxied }) => {
        const type = uniqueType();
        const { deliveries } = await collectDeliveries((await open()).bus, type);
        const { bus, lines } = await open(proxied, { confirmMs: CONFIRM_MS });
        const { requester, frames } = await collectFrames(bus);
        const isCut = () => lines.some((line) => line.includes("is cut"));

        instead = [BLOCKED];
        const waiting = requester.publish(requestOf(type, { idempotent: true }));
        await eventually(() => bus.state === "recovering", "the notice arrives");
        await assert.rejects(requester.publish(requestOf(type, { idempotent: true })), {
          code: "OVERLOADED",
          message: "RabbitMQ takes no requests for now: low on memory.",
          retryable: true,
        });
        await eventually(() => deliveries.length === 1, "the first request arrives");
        const { request, reply } = deliveries[0]!;
        reply({ kind: "end", id: request.id, seq: 0 });
        await eventually(() => frames.length === 1, "its answer comes all the same");
        assert.equal(await settlesWithin(waiting, 3 * CONFIRM_MS), false);
        assert.equal(isCut(), false);

        // The confirm of this one brings the second notice along.
        instead = [UNBLOCKED];
        requester.control({ kind: "cancel", id: "x", reason: "" }, { type, timeoutMs: 60_000 });
        await eventually(isCut, "the time of the confirm begins to count again");
        await waiting;
        await eventually(() => deliveries.length === 2, "the second copy arrives");
        assert.equal(deliveries[1]!.request.attempt, 2);
        await requester.publish(requestOf(type));
      }, { incoming });
    },
  );
});
