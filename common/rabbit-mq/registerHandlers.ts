import type { Channel, ConsumeMessage } from "amqplib";
import type { ServeOptions, Serving } from "../bus/port.ts";
import { errorBody, RequestError } from "../errors.ts";
import type { BusRequest } from "../schemas/busMessages.ts";
import { type Frame, isTerminal, runOf } from "../schemas/frames.ts";
import { type Consumption, createConsumption } from "./createConsumption.ts";
import { type KeptChannel, unlessClosed } from "./keepChannel.ts";
import { toBody } from "./messageBody.ts";
import type { Posting } from "./outbox.ts";
import type { Parts } from "./parts.ts";
import { readRequests } from "./readRequests.ts";
import { settlesWithin } from "../settlesWithin.ts";
import { EXCHANGES } from "./topology.ts";

/** A registered type. While it is paused it takes no more; what was delivered stays with us. */
export type Registration = Serving & {
  /** Gives back what is not settled; what it still replies is dropped. */
  close(): Promise<void>;
};

/** A request that has lost so many workers is given up. */
const MAX_ATTEMPTS = 3;
const PAUSE_TIMEOUT_MS = 2_000;

/** How the AMQP message is settled that brought a request. */
type Settle = (as?: "dead") => void;

/** How a type is served; `before` is awaited on every channel before its first request. */
export type RegisterOptions = ServeOptions & { before(): Promise<void> };

/** Declares the request queue of a type, and serves it on a channel of its own. */
export const registerHandlers = async (
  { keep, outbox, log, count }: Parts,
  type: string,
  { concurrency, onRequest, before }: RegisterOptions,
): Promise<Registration> => {
  /** Requests under way, and all messages that brought them: one, or more after a loss. */
  const running = new Map<string, { attempt: number; settles: Settle[] }>();
  let isClosed = false;
  let isPaused = false;
  let consuming: Consumption | undefined;

  const reply = (replyTo: string, frame: Frame, onConfirmed?: () => void): void => {
    const body = toBody([frame]);
    const instead = (limit: number) => toBody([refused(type, frame, [body.byteLength, limit])]);
    const properties = { persistent: true };
    const posting = { exchange: EXCHANGES.frames, key: replyTo, body, properties, instead };
    outbox.post(posting, onConfirmed);
  };
  const fail = (
    { id, attempt = 1, replyTo }: { id: string; attempt?: number; replyTo: string },
    error: RequestError,
    settle: Settle,
  ): void => {
    const frame: Frame = { kind: "error", id, ...errorBody(error), ...runOf({ attempt }) };
    reply(replyTo, frame, () => settle("dead"));
  };

  const run = (request: BusRequest, message: ConsumeMessage, settle: Settle): void => {
    const { replyTo } = message.properties;
    const since = performance.now();
    let hasEnded = false;
    const { id, attempt } = request;
    // The run that this one replaces says nothing more.
    const before = running.get(id)?.settles ?? [];
    running.set(id, { attempt, settles: [...before, settle] });
    const settleAll: Settle = (as) => {
      const { settles = [] } = running.get(id) ?? {};
      running.delete(id);
      for (const settleOne of settles) settleOne(as);
    };
    onRequest({
      request,
      reply(frame, { dead = false } = {}) {
        if (hasEnded || isClosed) return;
        const ends = isTerminal(frame);
        reply(replyTo, frame, ends ? () => settleAll(dead ? "dead" : undefined) : undefined);
        hasEnded = ends;
      },
      giveBack(attempt) {
        if (hasEnded || isClosed) return;
        hasEnded = true;
        const timeoutMs = Math.max(1, Math.ceil(request.timeoutMs - (performance.now() - since)));
        putBack({ ...request, attempt, timeoutMs }, message, settleAll);
      },
    });
  };

  /**
   * Publishes a copy, which says which attempt it is: the flag only says that there was one. Where
   * the broker may have that copy already, the next one says one attempt more, so that no two runs
   * are the same.
   */
  const putBack = (request: BusRequest, message: ConsumeMessage, settle: Settle): void => {
    const since = performance.now();
    const copy = (attempt: number): Posting => {
      const timeoutMs = Math.max(1, Math.ceil(request.timeoutMs - (performance.now() - since)));
      return {
        exchange: EXCHANGES.requests,
        key: type,
        body: toBody([{ ...request, attempt, timeoutMs }]),
        properties: {
          persistent: true,
          replyTo: message.properties.replyTo,
          messageId: request.id,
          expiration: String(timeoutMs),
        },
        again: () => copy(attempt + 1),
      };
    };
    outbox.post(copy(request.attempt), settle);
  };

  const take = (message: ConsumeMessage, channel: Channel): void => {
    const read = readRequests(message, type);
    if (!read.ok) {
      count("unparsable_request");
      log.warn("A request that does not parse goes to the dead letters.", {
        type,
        requestId: read.ids[0],
        problem: read.problem,
      });
      unlessClosed(() => channel.nack(message, false, false));
      const error = new RequestError("INVALID_REQUEST", `The request is broken: ${read.problem}.`);
      if (read.replyTo === "") return;
      for (const id of read.ids) fail({ id, replyTo: read.replyTo }, error, () => {});
      return;
    }
    const { requests, replyTo } = read;
    const settle = settleOnce(message, { channel, parts: requests.length });
    for (const request of requests) {
      const known = running.get(request.id);
      // What it said was lost, and it is asked for again.
      const replaces = request.idempotent && !message.fields.redelivered &&
        request.attempt > (known?.attempt ?? request.attempt);
      // Else the connection was cut while it ran here, and it runs still: nothing was lost.
      if (known && !replaces) known.settles.push(settle);
      else if (request.attempt > MAX_ATTEMPTS) {
        count("worker_lost");
        const said = `The request was given up: it lost ${MAX_ATTEMPTS} workers.`;
        fail({ ...request, replyTo }, new RequestError("WORKER_LOST", said), settle);
      } else if (message.fields.redelivered) putBack(request, message, settle);
      else run(request, message, settle);
    }
  };

  const kept: KeptChannel = await keep({
    name: `requests of ${type}`,
    async setUp(channel) {
      await channel.prefetch(concurrency);
      const onMessage = (message: ConsumeMessage) => take(message, channel);
      consuming = createConsumption(channel, { type, before, onMessage });
      await consuming.follow(() => isPaused);
    },
    onLost: () => consuming = undefined,
  });
  const follow = async (): Promise<void> => {
    // Where the channel is away there is nothing to change: it comes back as it should be.
    if (consuming) await settlesWithin(consuming.follow(() => isPaused), PAUSE_TIMEOUT_MS);
  };
  return {
    async pause() {
      isPaused = true;
      await follow();
    },
    async resume() {
      isPaused = false;
      await follow();
    },
    async close() {
      isClosed = true;
      await kept.close();
    },
  };
};

/** What is answered where the broker takes no frame of this size. */
const refused = (type: string, frame: Frame, [bytes, limit]: [number, number]): Frame => {
  const { id, attempt } = { attempt: undefined, ...frame };
  const message = `An answer of ${type} has ${bytes} bytes; RabbitMQ takes ${limit} at most.`;
  const error = new RequestError("TOO_LARGE", message, { details: { bytes, limit } });
  return { kind: "error", id, ...errorBody(error), ...(attempt === undefined ? {} : { attempt }) };
};

/** Settles a message when all its requests are: acknowledged, or one dead letter for all. */
const settleOnce = (
  message: ConsumeMessage,
  { channel, parts }: { channel: Channel; parts: number },
): Settle => {
  let open = parts;
  let isDead = false;
  return (as) => {
    isDead ||= as === "dead";
    if (--open > 0) return;
    unlessClosed(() => isDead ? channel.nack(message, false, false) : channel.ack(message));
  };
};
