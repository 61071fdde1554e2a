import assert from "node:assert/strict";
import { describe } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Bus } from "../bus/port.ts";
import type { Control } from "../schemas/busMessages.ts";
import {
  collectFrames,
  deleteQueue,
  eventually,
  itWithBroker,
  type Open,
  requestOf,
  uniqueType,
  withBuses,
} from "./busFixture.ts";
import { controlQueueName } from "./topology.ts";

/** What a worker that serves these types heard before its first request, and since. */
const openWorker = async (bus: Bus, types: string[]) => {
  const heard: string[] = [];
  const heardFirst: string[][] = [];
  const worker = uniqueType();
  const onControl = (control: Control) => void heard.push(control.id);
  const responder = await bus.openResponder({ worker, onControl });
  const onRequest = () => void heardFirst.push([...heard]);
  await Promise.all(types.map((type) => responder.serve(type, { concurrency: 1, onRequest })));
  return { worker, heard, heardFirst };
};

/** A type whose queue is there, though nobody serves it any more, and how to cancel for it. */
const createUnserved = async (open: Open) => {
  const type = uniqueType();
  const { bus: first } = await open();
  await openWorker(first, [type]);
  await first.close();
  const { bus } = await open();
  const { requester } = await collectFrames(bus);
  const cancel = (id: string, { timeoutMs = 60_000, of = type } = {}) =>
    requester.control({ kind: "cancel", id, reason: "x" }, { type: of, timeoutMs });
  /** What is published behind all that was cancelled. */
  const mark = () => requester.publish(requestOf(type));
  return { type, cancel, mark };
};

describe("what was cancelled before a worker could hear of it", () => {
  itWithBroker(
    "is known to each worker of the type before its first request",
    () =>
      withBuses(async (open) => {
        const { type, cancel, mark } = await createUnserved(open);
        const ids = Array.from({ length: 100 }, (_, n) => `s:${n}`);
        ids.forEach((id) => cancel(id));
        cancel("s:other", { of: uniqueType() });
        await Promise.all(Array.from({ length: 4 }, mark));
        // All at the same time: one reads after the other.
        const workers = await Promise.all(
          Array.from(
            { length: 4 },
            async () => openWorker((await open()).bus, [type, uniqueType()]),
          ),
        );
        const begun = () => workers.every(({ heardFirst }) => heardFirst.length === 1);
        await eventually(begun, "each has a request");
        for (const { heardFirst } of workers) {
          assert.deepEqual([...new Set(heardFirst[0])], ids);
        }
      }),
  );

  itWithBroker(
    "is forgotten when none of it can be queued any more",
    () =>
      withBuses(async (open) => {
        const { type, cancel } = await createUnserved(open);
        const { heard } = await openWorker((await open()).bus, [type]);
        cancel("s:soon", { timeoutMs: 500 });
        cancel("s:late");
        await eventually(() => heard.includes("s:late"), "the broker has both");
        const readBy = async () => (await openWorker((await open()).bus, [type])).heard;
        assert.deepEqual([...new Set(await readBy())], ["s:soon", "s:late"]);
        await delay(500); // The time that is tested.
        assert.deepEqual([...new Set(await readBy())], ["s:late"]);
      }),
  );

  itWithBroker(
    "is read again by a worker whose queue of control messages was deleted",
    () =>
      withBuses(async (open) => {
        const { type, cancel } = await createUnserved(open);
        const { worker, heard } = await openWorker((await open()).bus, [type]);
        cancel("s:1");
        await eventually(() => heard.length === 1, "it hears a cancel");
        await deleteQueue(controlQueueName(worker));
        cancel("s:2");
        await eventually(() => heard.includes("s:2"), "it hears the next");
      }),
  );
});
