/** What the tests of this folder share. */
import { connect } from "amqplib";
import { randomUUID } from "node:crypto";
import process from "node:process";
import { it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Bus, Delivery } from "../bus/port.ts";
import { createLogger } from "../logger.ts";
import type { BusRequest } from "../schemas/busMessages.ts";
import type { Frame } from "../schemas/frames.ts";
import { createRabbitMqBus } from "./createRabbitMqBus.ts";

/** The broker the tests run against. */
export const AMQP_URL = process.env.AMQP_URL ?? "";

/** A test that is skipped, by its name, where there is none. */
export const itWithBroker = (name: string, test: () => Promise<void>): void => {
  it(name, { skip: AMQP_URL === "" && "needs AMQP_URL", timeout: 60_000 }, test);
};

/** A bus of a test, and everything it logged and counted. */
export type TestBus = { bus: Bus; lines: string[]; counts: string[] };

/** Opens a bus, at the broker unless told otherwise. */
export type Open = (url?: string, options?: { confirmMs?: number }) => Promise<TestBus>;

/** Runs a test with buses that are closed at its end, however it ends. */
export const withBuses = async (test: (open: Open) => Promise<void>): Promise<void> => {
  const opened: Bus[] = [];
  try {
    await test(async (url = AMQP_URL, options = {}) => {
      const lines: string[] = [];
      const counts: string[] = [];
      const log = createLogger({
        level: "warn",
        format: "text",
        write: (line) => lines.push(line),
      });
      const count = (what: string) => void counts.push(what);
      const bus = await createRabbitMqBus({ url, log, count, ...options });
      opened.push(bus);
      return { bus, lines, counts };
    });
  } finally {
    await Promise.all(opened.map((bus) => bus.close()));
  }
};

/** Waits until a condition holds; 20 s at most. */
export const eventually = async (
  holds: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> => {
  const deadline = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It never happened that ${what}.`);
    await delay(5);
  }
};

/** A request type no other test uses. */
export const uniqueType = (): string => `t${randomUUID().slice(0, 13)}.run`;

/** A request with an id no other test uses. */
export const requestOf = (type: string, more: Partial<BusRequest> = {}): BusRequest => ({
  id: `test:${randomUUID()}`,
  type,
  timeoutMs: 30_000,
  credit: 64,
  attempt: 1,
  ...more,
});

/** Opens a requester that keeps all frames, and counts how often some were lost. */
export const collectFrames = async (bus: Bus) => {
  const frames: Frame[] = [];
  const lost = { times: 0 };
  const requester = await bus.openRequester({
    onFrame: (frame) => frames.push(frame),
    onFramesLost: () => void lost.times++,
  });
  return { requester, frames, lost };
};

/** Deletes a queue past the bus, as an operator might. */
export const deleteQueue = async (name: string): Promise<void> => {
  const connection = await connect(AMQP_URL);
  try {
    const channel = await connection.createChannel();
    await channel.deleteQueue(name);
  } finally {
    await connection.close();
  }
};

/** Opens a responder that serves a type and keeps its deliveries unsettled. */
export const collectDeliveries = async (
  bus: Bus,
  type: string,
  { worker = "w", concurrency = 10 } = {},
) => {
  const deliveries: Delivery[] = [];
  const responder = await bus.openResponder({ worker, onControl: () => {} });
  await responder.serve(type, {
    concurrency,
    onRequest: (delivery) => void deliveries.push(delivery),
  });
  return { responder, deliveries };
};
