import type { ConfirmChannel } from "amqplib";
import type { PublishOptions } from "../bus/port.ts";
import { createDeadlines, type Deadline } from "../createDeadlines.ts";
import { createDeparture } from "../createDeparture.ts";
import { createTickClock } from "../createTickClock.ts";
import { noHandler, RequestError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { type BusRequest, withTimeLeft } from "../schemas/busMessages.ts";
import { type Bundled, bundleRequests } from "./bundleRequests.ts";
import type { Connection } from "./connection.ts";
import { keepChannel, type KeptChannel, unlessClosed } from "./keepChannel.ts";
import { toBody } from "./messageBody.ts";
import { sizeLimitOf } from "./sizeLimitOf.ts";
import { declareExchanges, EXCHANGES } from "./topology.ts";
import type { ConfirmWatch } from "./watchConfirms.ts";

/**
 * Publishes requests; those of one type that are published in one tick may share a message. One that
 * the broker may have, as its confirm was lost, is published again one attempt higher where it is
 * idempotent, and fails where it is not.
 */
export type RequestPublisher = Pick<KeptChannel, "isOpen" | "opened" | "close"> & {
  /** Whether nothing is sent for now: the broker is blocked, or away. */
  readonly isBlocked: boolean;
  /**
   * Resolves when the broker has the request; waits for the connection as long as the request's
   * own time lasts. `replyTo` is the requester's id; `together` and `workers` are those of the
   * bus port. What may have no company leaves at once.
   * @throws RequestError `NO_HANDLER`, `BUS_UNAVAILABLE`, `OVERLOADED` (the broker takes nothing)
   */
  publish(request: BusRequest, options: PublishOptions & { replyTo: string }): Promise<void>;
};

/** A request until it has settled. */
type Entry = Bundled & {
  hasSettled: boolean;
  deadline?: Deadline;
  resolve(): void;
  reject(error: RequestError): void;
};

/** A request that was published so often without a confirm is given up. */
const MAX_ATTEMPTS = 3;
/** So long before the caller's own deadline this says why, in milliseconds: that does not know. */
const EARLY_MS = 16;

/** Makes the publisher of a connection. */
export const createRequestPublisher = (
  connection: Connection,
  { log, confirms }: { log: Logger; confirms: ConfirmWatch },
): RequestPublisher => {
  let waiting = new Set<Entry>();
  const returned = new Set<string>();
  const now = createTickClock();
  const deadlines = createDeadlines({ now });
  let channel: ConfirmChannel | undefined;
  let isClosed = false;
  let marks = 0;
  /** The largest message that the broker takes, once it has refused one. */
  let most = Infinity;

  const settle = (entry: Entry, error?: RequestError): void => {
    entry.hasSettled = true;
    deadlines.remove(entry.deadline);
    waiting.delete(entry);
    if (error) entry.reject(error);
    else entry.resolve();
  };

  const send = (entries: Entry[], on: ConfirmChannel): void => {
    const [{ request: { id, type }, replyTo }] = entries as [Entry];
    const mark = String(++marks);
    const sentAt = now();
    const requests = entries.map(({ request, endsAt }) => withTimeLeft(request, endsAt - sentAt));
    const properties = {
      mandatory: true,
      persistent: true,
      expiration: String(Math.max(...requests.map(({ timeoutMs }) => timeoutMs))),
      replyTo,
      messageId: id,
      correlationId: mark,
    };
    const body = toBody(requests);
    const bytes = body.byteLength;
    if (bytes > most) return refuse(entries, tooLarge(type, bytes, most));
    on.publish(EXCHANGES.requests, type, body, properties, (error) => {
      answered();
      // What cannot be routed is returned first, and confirmed then.
      const isReturned = returned.delete(mark);
      if (!isReturned && error && bytes > most) {
        return refuse(entries, tooLarge(type, bytes, most));
      }
      for (const entry of entries) {
        if (isReturned) settle(entry, noHandler(type));
        else if (error) again(entry);
        else settle(entry);
      }
      if (error) flush();
    });
    const answered = confirms.published();
    for (const entry of entries) waiting.delete(entry);
  };

  /** What cannot be sent fails; where several were to share a message, each is tried by itself. */
  const refuse = (entries: Entry[], error: RequestError): void => {
    if (entries.length === 1) return settle(entries[0]!, error);
    for (const entry of entries) {
      if (entry.hasSettled) continue;
      entry.together = 1;
      waiting.add(entry);
    }
    flushSoon();
  };

  /** The broker may have it, or not: a second copy says that it is one. */
  const again = (entry: Entry): void => {
    const { request, hasSettled } = entry;
    if (hasSettled) return;
    if (isClosed || !request.idempotent || request.attempt >= MAX_ATTEMPTS) {
      const lost = "The connection to RabbitMQ was lost before it answered.";
      return settle(entry, unavailable(lost));
    }
    entry.request = { ...request, attempt: request.attempt + 1 };
    waiting.add(entry);
  };

  /** A blocked broker reads nothing: what it is sent would be older than its time says. */
  const flush = (): void => {
    const on = channel;
    if (on === undefined || connection.state.status !== "ready") return;
    for (const entries of bundleRequests(waiting, now())) {
      try {
        // Each further try would cost an error with its stack.
        if (!unlessClosed(() => send(entries, on))) return void (channel = undefined);
      } catch (cause) {
        refuse(entries, unwritable(cause));
      }
    }
    // See `createTransientMap`: a table that a Set has outgrown would keep what is sent.
    if (waiting.size === 0) waiting = new Set();
  };

  /** A request that may have company leaves with what is said in the same tick. */
  const flushSoon = createDeparture(flush, { atEndOfTick: setImmediate });

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
    get isBlocked() {
      return connection.state.status !== "ready";
    },
    opened: kept.opened,
    publish: (request, { replyTo, together = 1, workers = 1 }) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(unavailable("The connection to RabbitMQ is closed."));
        const { state } = connection;
        if (state.status === "blocked") return reject(overloaded(state.reason));
        const { timeoutMs } = request;
        const entry: Entry = {
          request,
          replyTo,
          together,
          workers,
          endsAt: now() + timeoutMs,
          hasSettled: false,
          deadline: undefined,
          resolve,
          reject,
        };
        entry.deadline = deadlines.add(
          timeoutMs - Math.min(EARLY_MS, timeoutMs / 2),
          () => settle(entry, unavailable(`RabbitMQ took nothing for ${timeoutMs} ms.`)),
        );
        waiting.add(entry);
        if (together > 1) flushSoon();
        else flush();
      }),
    async close() {
      isClosed = true;
      for (const entry of waiting) {
        settle(entry, unavailable("The connection to RabbitMQ was closed."));
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

const unwritable = (cause: unknown): RequestError =>
  new RequestError("INVALID_REQUEST", "It cannot be encoded.", { cause });

const unavailable = (message: string): RequestError => new RequestError("BUS_UNAVAILABLE", message);
