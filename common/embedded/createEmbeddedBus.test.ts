import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { until } from "../../tests/harness/until.ts";
import type { Delivery } from "../bus/port.ts";
import { createLogger } from "../logger.ts";
import type { BusRequest, Control } from "../schemas/busMessages.ts";
import type { Frame } from "../schemas/frames.ts";
import { createBroker } from "./createBroker.ts";
import { createEmbeddedBus } from "./createEmbeddedBus.ts";
import { createMemoryLinks } from "./memoryLink.ts";

const requestOf = (id: string): BusRequest => ({
  id,
  type: "a.b",
  payload: { bytes: Uint8Array.of(1, 2, 3) },
  timeoutMs: 60_000,
  credit: 64,
  attempt: 1,
});

/** A broker with as many buses as a test opens. */
const createTest = () => {
  const lines: string[] = [];
  const log = createLogger({ write: (line) => lines.push(line) });
  const broker = createBroker({ log });
  const open = () => {
    const [near, far] = createMemoryLinks();
    broker.attach(far);
    return createEmbeddedBus({ link: near, log });
  };
  const ask = async () => {
    const frames: Frame[] = [];
    const bus = open();
    const requester = await bus.openRequester({ onFrame: (frame) => frames.push(frame) });
    return { bus, requester, frames };
  };
  const serve = async (bus = open()) => {
    const deliveries: Delivery[] = [];
    const controls: Control[] = [];
    const onControl = (control: Control) => void controls.push(control);
    const responder = await bus.openResponder({ worker: "w", onControl });
    const onRequest = (delivery: Delivery) => void deliveries.push(delivery);
    await responder.serve("a.b", { concurrency: 2, onRequest });
    return { bus, responder, deliveries, controls };
  };
  return { lines, broker, log, open, ask, serve };
};

describe("createEmbeddedBus", () => {
  it("carries a request, its frames and what is said about it, up to the terminal frame", async () => {
    const { ask, serve } = createTest();
    const [worker, client] = [await serve(), await ask()];
    await client.requester.publish(requestOf("1"));
    await until(() => worker.deliveries.length === 1);
    const { request, reply } = worker.deliveries[0]!;
    assert.deepEqual(request.payload, { bytes: Uint8Array.of(1, 2, 3) });
    client.requester.control({ kind: "credit", id: "1", total: 7 }, { type: "a.b", timeoutMs: 1 });
    await until(() => worker.controls.length === 1);
    reply({ kind: "chunk", id: "1", seq: 0, data: Uint8Array.of(4) });
    for (const data of ["first", "second"]) reply({ kind: "end", id: "1", seq: 1, data });
    await until(() => client.frames.length === 2);
    assert.deepEqual(worker.controls, [{ kind: "credit", id: "1", total: 7 }]);
    assert.deepEqual(client.frames, [
      { kind: "chunk", id: "1", seq: 0, data: Uint8Array.of(4) },
      { kind: "end", id: "1", seq: 1, data: "first" },
    ]);
  });

  it("is closed when the broker has heard all, even one that was busy: its process may end", async () => {
    const { broker, log, ask, serve } = createTest();
    const [near, far] = createMemoryLinks();
    broker.attach(far);
    let [isBusy, isRunning] = [false, true];
    const send = (op: unknown) =>
      isBusy ? void setTimeout(() => isRunning && near.send(op), 20) : near.send(op);
    const worker = await serve(createEmbeddedBus({ link: { ...near, send }, log }));
    const client = await ask();
    await client.requester.publish(requestOf("1"));
    await until(() => worker.deliveries.length === 1);
    const next = await serve();
    isBusy = true;
    worker.deliveries[0]!.reply({ kind: "end", id: "1", seq: 0 });
    await worker.responder.close();
    isRunning = false;
    await worker.bus.close();
    await until(() => client.frames.length + next.deliveries.length > 0);
    assert.deepEqual(client.frames, [{ kind: "end", id: "1", seq: 0 }]);
    assert.deepEqual(next.deliveries, []);
  });

  it("takes nothing new while it is paused, but lets what runs reply", async () => {
    const { ask, serve } = createTest();
    const [worker, client] = [await serve(), await ask()];
    await client.requester.publish(requestOf("1"));
    await until(() => worker.deliveries.length === 1);
    await worker.responder.pause();
    await client.requester.publish(requestOf("2"));
    worker.deliveries[0]!.reply({ kind: "end", id: "1", seq: 0 });
    await until(() => client.frames.length === 1);
    const next = await serve();
    await until(() => next.deliveries.length === 1);
    assert.deepEqual(worker.deliveries.map(({ request }) => request.id), ["1"]);
    assert.equal(next.deliveries[0]!.request.id, "2");
  });

  it("gives back what is unsettled when a responder closes, though its bus stays open", async () => {
    const { ask, serve } = createTest();
    const [worker, client] = [await serve(), await ask()];
    await client.requester.publish(requestOf("1"));
    await until(() => worker.deliveries.length === 1);
    await worker.responder.pause();
    await worker.responder.close();
    const next = await serve();
    await until(() => next.deliveries.length === 1, {
      timeoutMs: 2_000,
      what: "a second delivery",
    });
    assert.equal(next.deliveries[0]!.request.attempt, 2);
  });

  it("tells how many requests wait for a worker, of the types that there are", async () => {
    const { ask, serve } = createTest();
    const [worker, client] = [await serve(), await ask()];
    for (const id of ["1", "2", "3"]) await client.requester.publish(requestOf(id));
    await until(() => worker.deliveries.length === 2);
    const { type } = requestOf("1");
    assert.deepEqual([...await client.bus.queueDepths([type, "no.such"])], [[type, 1]]);
    await client.bus.close();
    assert.equal((await client.bus.queueDepths([type])).size, 0);
  });

  it("says so and answers when a request does not parse", async () => {
    const { ask, serve, lines } = createTest();
    const [worker, client] = [await serve(), await ask()];
    await client.requester.publish({ ...requestOf("1"), principal: { id: 1 } as never });
    await until(() => client.frames.length === 1);
    assert.equal(client.frames[0]?.kind === "error" && client.frames[0].code, "INVALID_REQUEST");
    assert.deepEqual([worker.deliveries.length, lines.length], [0, 1]);
  });

  it("is closed for good when its link is, and then refuses requests", async () => {
    const { ask } = createTest();
    const { bus, requester } = await ask();
    assert.equal(bus.state, "ready");
    await bus.close();
    await until(() => bus.state === "closed");
    await assert.rejects(requester.publish(requestOf("1")), { code: "BUS_UNAVAILABLE" });
  });
});
