import type { Channel, ConfirmChannel, ConsumeMessage } from "amqplib";
import { setTimeout as delay } from "node:timers/promises";
import { RequestError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Connection } from "./connection.ts";
import { settlesWithin } from "../settlesWithin.ts";

/** A channel that is opened anew whenever it, or its connection, was lost. */
export type KeptChannel = {
  readonly isOpen: boolean;
  /**
   * Resolves when it is set up for the first time; rejects when the broker refuses that, or with
   * `BUS_UNAVAILABLE` when it is closed before.
   */
  readonly opened: Promise<void>;
  /** The broker takes back what was delivered on it and not acknowledged. */
  close(): Promise<void>;
};

/** Options of `keepChannel`. */
export type KeepChannelOptions = {
  /** What it is for, in a log line. */
  name: string;
  log: Logger;
  /** Declares and consumes, on every new channel. */
  setUp(channel: ConfirmChannel): Promise<void>;
  /** The channel given to `setUp` last is of no use any more. */
  onLost?(): void;
};

/** A channel that is lost more often than this is not opened at once every time. */
const CALM_MS = 1_000;
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 5_000;
const CLOSE_TIMEOUT_MS = 1_000;

/** Keeps one channel of a connection open until it is closed. */
export const keepChannel = (
  connection: Connection,
  { name, log, setUp, onLost = () => {} }: KeepChannelOptions,
): KeptChannel => {
  const stop = new AbortController();
  const opened = Promise.withResolvers<void>();
  opened.promise.catch(() => {});
  let current: ConfirmChannel | undefined;
  let isOpen = false;
  let wasOpen = false;

  const live = async (): Promise<void> => {
    const channel = await connection.openChannel();
    const ended = new Promise<void>((resolve) => channel.once("close", resolve));
    channel.on("error", (error) => log.warn(`RabbitMQ closed the channel of ${name}.`, { error }));
    channel.on("handler-error", (error, event) => {
      log.error(`A listener of the channel of ${name} threw.`, { event, error });
    });
    current = channel;
    try {
      if (stop.signal.aborted) return;
      await setUp(channel);
      isOpen = wasOpen = true;
      opened.resolve();
      await ended;
    } finally {
      isOpen = false;
      current = undefined;
      onLost();
      await closeChannel(channel);
    }
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    let hurriedAt = -Infinity;
    while (!stop.signal.aborted) {
      try {
        await live();
        failures = 0;
        // Until it is back, messages to its queue find none.
        if (performance.now() - hurriedAt > CALM_MS) {
          hurriedAt = performance.now();
          continue;
        }
      } catch (error) {
        failures++;
        if (connection.state.status === "closed") break;
        if (!wasOpen && isRefusal(error)) {
          opened.reject(error);
          return;
        }
        log.debug(`The channel of ${name} is tried again.`, { error });
      }
      const ms = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** failures);
      await delay(ms, undefined, { signal: stop.signal }).catch(() => {});
    }
    opened.reject(new RequestError("BUS_UNAVAILABLE", "The connection to RabbitMQ was closed."));
  };
  void run();

  return {
    get isOpen() {
      return isOpen;
    },
    opened: opened.promise,
    async close() {
      stop.abort();
      if (current) await closeChannel(current);
    },
  };
};

/** Options of `consume`. */
export type ConsumeOptions = {
  onMessage(message: ConsumeMessage): void;
  /** The queue is gone, with all that was in it. */
  onGone?(): void;
};

/**
 * Consumes a queue. When the broker cancels that (its queue is gone), `onGone` is called and the
 * channel closed, so that its keeper sets it up anew.
 * @returns the tag to cancel it with
 */
export const consume = async (
  channel: Channel,
  queue: string,
  { onMessage, onGone = () => {} }: ConsumeOptions,
): Promise<string> => {
  const { consumerTag } = await channel.consume(queue, (message) => {
    if (message !== null) return onMessage(message);
    onGone();
    void closeChannel(channel);
  });
  return consumerTag;
};

/**
 * Does something with a channel that may be closed already: then it is left undone. That is right
 * for acknowledgements: what is not acknowledged on its own channel is delivered again.
 * @returns whether it was done
 */
export const unlessClosed = (act: () => void): boolean => {
  try {
    act();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "IllegalOperationError") return false;
    throw error;
  }
};

/**
 * Takes a message and acknowledges it then, however that went: what was on its way when the
 * connection was cut comes again, and what cannot be taken does not.
 */
export const thenAcknowledge = (channel: Channel, take: (message: ConsumeMessage) => void) =>
(
  message: ConsumeMessage,
): void => {
  try {
    take(message);
  } finally {
    unlessClosed(() => channel.ack(message));
  }
};

/** Closes a channel, or waits until it is closed; a second at most. */
export const closeChannel = async (channel: Channel): Promise<void> => {
  // `close` is never answered where the connection is lost meanwhile, but the event comes.
  const closed = new Promise<void>((resolve) => {
    channel.once("close", resolve);
    channel.close().catch(() => resolve());
  });
  await settlesWithin(closed, CLOSE_TIMEOUT_MS);
};

/** Whether the broker has no such queue or exchange. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === 404;

/** Whether this is the broker's own "no": that has a number; a connection that was lost has none. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "number";
