import { type ChannelModel, connect, type ConsumeMessage } from "amqplib";
import assert from "node:assert/strict";
import { describe } from "node:test";
import * as v from "valibot";
import type { Bus } from "../bus/port.ts";
import { createLogger } from "../logger.ts";
import { Control } from "../schemas/busMessages.ts";
import {
  AMQP_URL,
  collectFrames,
  deleteQueue,
  eventually,
  itWithBroker,
  type Open,
  requestOf,
  uniqueType,
  withBuses,
} from "./busFixture.ts";
import { createPastCancels } from "./createPastCancels.ts";
import { fromBody } from "./messageBody.ts";
import { controlQueueName, declareExchanges } from "./topology.ts";

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

/** A reader by itself, the ids that it read, and what it logged. */
const withReader = async (
  test: (
    reader: Awaited<ReturnType<typeof createReader>> & { connection: ChannelModel },
  ) => Promise<void>,
  options: { timeoutMs?: number } = {},
) => {
  const connection = await connect(AMQP_URL);
  try {
    await test({ ...await createReader(connection, options), connection });
  } finally {
    await connection.close();
  }
};

const createReader = async (connection: ChannelModel, options: { timeoutMs?: number }) => {
  const lines: string[] = [];
  const heard = new Set<string>();
  const log = createLogger({ format: "text", write: (line) => lines.push(line) });
  const openChannel = () => connection.createConfirmChannel();
  const onMessage = (message: ConsumeMessage) => {
    const controls = v.safeParse(v.array(Control), fromBody(message));
    if (controls.success) { for (const { id } of controls.output) heard.add(id); }
  };
  const channel = await openChannel();
  await declareExchanges(channel);
  await channel.close();
  const { read } = createPastCancels({ openChannel, onMessage, log, ...options });
  return { read, heard, lines };
};

describe("what was cancelled before a worker could hear of it", () => {
  itWithBroker(
    "is known to each worker of the type before its first request",
    () =>
      withBuses((open) =>
        withReader(async ({ read, heard }) => {
          const { type, cancel, mark } = await createUnserved(open);
          const ids = Array.from({ length: 2_000 }, (_, n) => `${type}:${n}`);
          ids.forEach((id) => cancel(id));
          const other = `${type}:other`;
          cancel(other, { of: uniqueType() });
          await eventually(async () => (await read(), heard.has(other)), "the broker has all");
          await Promise.all(Array.from({ length: 6 }, mark));
          // All at the same time: one reads after the other.
          const workers = await Promise.all(
            Array.from({ length: 6 }, async () => openWorker((await open()).bus, [type])),
          );
          const begun = () => workers.every(({ heardFirst }) => heardFirst.length === 1);
          await eventually(begun, "each has a request");
          for (const { heardFirst } of workers) assert.deepEqual(heardFirst[0], ids);
        })
      ),
  );

  itWithBroker(
    "is forgotten when none of it can be queued any more",
    () =>
      withBuses((open) =>
        withReader(async ({ read, heard }) => {
          const { cancel } = await createUnserved(open);
          const [soon, late] = [`s:${uniqueType()}`, `s:${uniqueType()}`];
          const hears = async (id: string) => {
            heard.clear();
            await read();
            return heard.has(id);
          };
          cancel(soon, { timeoutMs: 5_000 });
          // What is said of one type in one tick is kept as long as the longest of it.
          cancel(late, { of: uniqueType() });
          await eventually(() => hears(soon), "it is there");
          await eventually(async () => !await hears(soon), "it is forgotten");
          assert.ok(heard.has(late));
        })
      ),
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

  itWithBroker(
    "does not keep a worker from its work while nobody can read it",
    () =>
      withReader(async ({ connection, read, lines }) => {
        await read();
        const stuck = await connection.createChannel();
        await stuck.consume("plugboard.cancelled", () => {});
        await read();
        assert.ok(lines.some((line) => line.includes("could not be read in time")));
        await stuck.close();
        await read();
        assert.equal(lines.length, 1);
      }, { timeoutMs: 1_000 }),
  );
});

describe("a worker whose queue of control messages is deleted", () => {
  itWithBroker(
    "serves every type that begins to be served, or is resumed, meanwhile",
    () =>
      withBuses(async (open) => {
        const { bus } = await open();
        const name = uniqueType();
        for (let round = 0; round < 5; round++) {
          const worker = uniqueType();
          const types = Array.from({ length: 20 }, (_, n) => `${name}${round}x${n}`);
          const [before, after] = [types.slice(0, 10), types.slice(10)];
          const responder = await bus.openResponder({ worker, onControl() {} });
          const serve = (type: string) => responder.serve(type, { concurrency: 1, onRequest() {} });
          const servings = await Promise.all(before.map(serve));
          await Promise.all(servings.map((serving) => serving.pause()));
          const gone = deleteQueue(controlQueueName(worker));
          await Promise.all([gone, ...servings.map(({ resume }) => resume()), ...after.map(serve)]);
          for (const type of types) {
            await eventually(() => bus.hasConsumer(type), `${type} is served`);
          }
          await responder.close();
        }
      }),
  );
});
