import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import { setImmediate as endOfTick } from "node:timers/promises";
import type { Frame } from "../schemas/frames.ts";
import {
  collectDeliveries,
  collectFrames,
  eventually,
  itWithBroker,
  requestOf,
  uniqueType,
  withBuses,
} from "./busFixture.ts";
import { createFrameSender } from "./frameSender.ts";
import { fromBody, toBody } from "./messageBody.ts";
import type { Posting } from "./outbox.ts";
import { withRawChannel } from "./rawFixture.ts";

type Posted = {
  to: string;
  frames: Frame[];
  bytes: number;
  confirm?(): void;
  /** What is posted in its place where the broker takes no more bytes than that. */
  apart(limit: number): Frame[][];
};

const framesOf = (content: Buffer): Frame[] => fromBody({ content }) as Frame[];

/** A sender, and what it has posted. */
const createTest = () => {
  const posted: Posted[] = [];
  const post = ({ key, body, instead }: Posting, confirm?: () => void): void => {
    const apart = (limit: number) => instead!(limit).map(framesOf);
    posted.push({ to: key, frames: framesOf(body), bytes: body.byteLength, confirm, apart });
  };
  return { posted, ...createFrameSender({ post }) };
};

const chunk = (seq: number, data: unknown = null): Frame => ({ kind: "chunk", id: "r", seq, data });

const seqsOf = (frames: Frame[]) => frames.map((frame) => "seq" in frame && frame.seq);

describe("the sender of frames", () => {
  it("sends a lone frame at the end of its tick, without waiting for company", async () => {
    const { send, posted } = createTest();
    send("a", chunk(0));
    await endOfTick();
    assert.deepEqual(posted.map(({ frames }) => seqsOf(frames)), [[0]]);
  });

  it("puts what one tick says to one requester into one message, in order", async () => {
    const { send, posted } = createTest();
    send("a", chunk(0));
    send("b", chunk(7));
    send("a", chunk(1));
    await endOfTick();
    assert.deepEqual(posted.map(({ to, frames }) => [to, seqsOf(frames)]), [["a", [0, 1]], [
      "b",
      [7],
    ]]);
    assert.ok(posted.every(({ confirm }) => confirm === undefined), "nobody waits for any of them");
  });

  it("puts no more than 256 frames, or 256 KiB, into one", async () => {
    const { send, posted } = createTest();
    for (let seq = 0; seq < 600; seq++) send("a", chunk(seq));
    await endOfTick();
    assert.deepEqual(posted.map(({ frames }) => frames.length), [256, 256, 88]);
    assert.deepEqual(posted.flatMap(({ frames }) => seqsOf(frames)), [...Array(600).keys()]);
    posted.length = 0;
    const data = { text: "x".repeat(50_000), bytes: new Uint8Array(50_000) };
    for (let seq = 0; seq < 5; seq++) send("a", chunk(seq, data));
    await endOfTick();
    assert.deepEqual(posted.map(({ frames }) => frames.length), [2, 2, 1]);
    assert.ok(posted.every(({ bytes }) => bytes <= 262_144));
  });

  it("tells everybody who waits when the broker has the message", async () => {
    const { send, posted } = createTest();
    const told: string[] = [];
    for (const id of ["1", "2"]) send("a", { kind: "end", id, seq: 0 }, () => void told.push(id));
    await endOfTick();
    assert.deepEqual(told, []);
    posted[0]!.confirm!();
    assert.deepEqual(told, ["1", "2"]);
  });

  it("gives each frame a message where the broker refuses their size; one too large fails", async () => {
    const { send, posted } = createTest();
    send("a", chunk(0));
    send("a", { kind: "end", id: "s", seq: 0, data: "x".repeat(1_000), attempt: 2 });
    await endOfTick();
    const [first, second] = posted[0]!.apart(500);
    assert.deepEqual(first, [chunk(0)]);
    const [failed] = second!;
    assert.ok(failed?.kind === "error", JSON.stringify(failed));
    assert.deepEqual([failed.id, failed.code, failed.attempt], ["s", "TOO_LARGE", 2]);
  });

  it("takes chunks of one frame apart where the broker refuses their size", async () => {
    const { send, posted } = createTest();
    send("a", { kind: "chunks", id: "r", seq: 3, data: ["x".repeat(300), "y"], attempt: 2 });
    await endOfTick();
    const of = { kind: "chunk", id: "r", attempt: 2 };
    assert.deepEqual(posted[0]!.apart(500), [
      [{ ...of, seq: 3, data: "x".repeat(300) }],
      [{ ...of, seq: 4, data: "y" }],
    ]);
  });

  it("turns a frame that cannot be written into an error, and sends the others", async () => {
    const { send, posted } = createTest();
    send("a", chunk(0));
    send("a", { kind: "end", id: "s", seq: 0, data: 1n, attempt: 2 });
    send("a", chunk(1));
    await endOfTick();
    const [first, broken, last] = posted[0]!.frames;
    assert.deepEqual([first, last], [chunk(0), chunk(1)]);
    assert.ok(broken?.kind === "error", JSON.stringify(broken));
    assert.deepEqual([broken.id, broken.code, broken.attempt], ["s", "INVALID_RESPONSE", 2]);
  });
});

describe("frames that share a message", () => {
  itWithBroker(
    "arrive in order, and settle the request of each that ends one",
    () =>
      withBuses((open) =>
        withRawChannel(async ({ send, received }) => {
          const { bus } = await open();
          const type = uniqueType();
          const first = await collectDeliveries(bus, type);
          const requests = Array.from({ length: 3 }, () => requestOf(type));
          for (const request of requests) send(type, toBody([request]));
          await eventually(() => first.deliveries.length === 3, "all arrive");
          for (const { request: { id }, reply } of first.deliveries) {
            reply({ kind: "chunk", id, seq: 0 });
            reply({ kind: "end", id, seq: 1 });
          }
          await eventually(() => received.length > 0, "the frames arrive");
          const frames = fromBody({ content: Buffer.from(received[0]!) }) as Frame[];
          assert.deepEqual(frames.map(({ kind }) => kind), Array(3).fill(["chunk", "end"]).flat());
          await first.responder.close();
          const second = await collectDeliveries(bus, type);
          const later = requestOf(type);
          send(type, toBody([later]));
          await eventually(() => second.deliveries.length > 0, "a later request arrives");
          assert.deepEqual(second.deliveries.map(({ request }) => request.id), [later.id]);
        })
      ),
  );

  itWithBroker(
    "reach the broker though the bus closes in that very tick",
    () =>
      withBuses(async (open) => {
        const type = uniqueType();
        const { bus } = await open();
        const { bus: workerBus } = await open();
        const { deliveries } = await collectDeliveries(workerBus, type);
        const { requester, frames } = await collectFrames(bus);
        const { id } = requestOf(type);
        await requester.publish(requestOf(type, { id }));
        await eventually(() => deliveries.length === 1, "the request arrives");
        deliveries[0]!.reply({ kind: "end", id, seq: 0 });
        await workerBus.close();
        await eventually(() => frames.length > 0, "the end arrives");
      }),
  );
});
