import type { ConfirmChannel } from "amqplib";
import { noHandler, RequestError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { BusRequest } from "../schemas/busMessages.ts";
import type { Connection } from "./connection.ts";
import { keepChannel, type KeptChannel, unlessClosed } from "./keepChannel.ts";
import { toBody } from "./messageBody.ts";
import { sizeLimitOf } from "./sizeLimitOf.ts";
import { declareExchanges, EXCHANGES } from "./topology.ts";
import type { ConfirmWatch } from "./watchConfirms.ts";

/**
 * Publishes requests. One that the broker may have, as its confirm was lost, is published again one
 * attempt higher where it is idempotent, and fails where it is not.
 */
export type RequestPublisher = Pick<KeptChannel, "isOpen" | "opened" | "close"> & {
  /**
   * Resolves when the broker has the request; waits for the connection as long as the request's
   * own time lasts. `replyTo` is the requester's id.
   * @throws RequestError `NO_HANDLER`, `BUS_UNAVAILABLE`, `OVERLOADED` (the broker takes nothing)
   */
  publish(request: BusRequest, options: { replyTo: string }): Promise<void>;
};

/** A request until it has settled; `since` is when it was given to us. */
type Entry = {
  request: BusRequest;
  replyTo: string;
  since: number;
  hasSettled: boolean;
  settle(error?: RequestError): void;
};

/** A request that was published so often without a confirm is given up. */
const MAX_ATTEMPTS = 3;

/** Makes the publisher of a connection. */
export const createRequestPublisher = (
  connection: Connection,
  { log, confirms }: { log: Logger; confirms: ConfirmWatch },
): RequestPublisher => {
  const waiting = new Set<Entry>();
  const returned = new Set<string>();
  let channel: ConfirmChannel | undefined;
  let isClosed = false;
  let marks = 0;
  /** The largest message that the broker takes, once it has refused one. */
  let most = Infinity;

  const send = (entry: Entry, on: ConfirmChannel): void => {
    const { request, replyTo, since, settle } = entry;
    const mark = String(++marks);
    const timeoutMs = Math.max(1, Math.ceil(request.timeoutMs - (performance.now() - since)));
    const properties = {
      mandatory: true,
      persistent: true,
      expiration: String(timeoutMs),
      replyTo,
      messageId: request.id,
      correlationId: mark,
    };
    const body = toBody([{ ...request, timeoutMs }]);
    const bytes = body.byteLength;
    if (bytes > most) return settle(tooLarge(request.type, bytes, most));
    on.publish(EXCHANGES.requests, request.type, body, properties, (error) => {
      answered();
      // What cannot be routed is returned first, and confirmed then.
      if (returned.delete(mark)) settle(noHandler(request.type));
      else if (error && bytes > most) settle(tooLarge(request.type, bytes, most));
      else if (error) again(entry);
      else settle();
    });
    const answered = confirms.published();
  };

  /** The broker may have it, or not: a second copy says that it is one. */
  const again = (entry: Entry): void => {
    const { request, settle, hasSettled } = entry;
    if (hasSettled) return;
    if (isClosed || !request.idempotent || request.attempt >= MAX_ATTEMPTS) {
      return settle(unavailable("The connection to RabbitMQ was lost before it answered."));
    }
    entry.request = { ...request, attempt: request.attempt + 1 };
    waiting.add(entry);
    flush();
  };

  /** A blocked broker reads nothing: what it is sent would be older than its time says. */
  const flush = (): void => {
    const on = channel;
    if (on === undefined || connection.state.status !== "ready") return;
    for (const entry of waiting) {
      try {
        if (unlessClosed(() => send(entry, on))) waiting.delete(entry);
        // Each further try would cost an error with its stack.
        else return void (channel = undefined);
      } catch (cause) {
        entry.settle(new RequestError("INVALID_REQUEST", "It cannot be encoded.", { cause }));
      }
    }
  };

  const kept = keepChannel(connection, {
    name: "requests to send",
    log,
    async setUp(opened) {
      opened.on("error", (error) => most = sizeLimitOf(error) ?? most);
      await declareExchanges(opened);
      opened.on("return", ({ properties }) => returned.add(String(properties.correlationId)));
      channel = opened;
      flush();
    },
    onLost() {
      channel = undefined;
      returned.clear();
    },
  });
  connection.onChange(flush);

  return {
    get isOpen() {
      return kept.isOpen;
    },
    opened: kept.opened,
    publish: (request, { replyTo }) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(unavailable("The connection to RabbitMQ is closed."));
        const { state } = connection;
        if (state.status === "blocked") return reject(overloaded(state.reason));
        const entry: Entry = {
          request,
          replyTo,
          since: performance.now(),
          hasSettled: false,
          settle(error) {
            entry.hasSettled = true;
            clearTimeout(timer);
            waiting.delete(entry);
            if (error) reject(error);
            else resolve();
          },
        };
        const timer = setTimeout(() => {
          entry.settle(unavailable(`RabbitMQ took nothing for ${request.timeoutMs} ms.`));
        }, request.timeoutMs);
        waiting.add(entry);
        flush();
      }),
    async close() {
      isClosed = true;
      for (const entry of waiting) {
        entry.settle(unavailable("The connection to RabbitMQ was closed."));
      }
      await kept.close();
    },
  };
};

const overloaded = (reason: string): RequestError =>
  new RequestError("OVERLOADED", `RabbitMQ takes no requests for now: ${reason}.`);

const tooLarge = (type: string, bytes: number, limit: number): RequestError =>
  new RequestError(
    "TOO_LARGE",
    `The request of ${type} has ${bytes} bytes; RabbitMQ takes ${limit} at most.`,
    { details: { bytes, limit } },
  );

const unavailable = (message: string): RequestError => new RequestError("BUS_UNAVAILABLE", message);
