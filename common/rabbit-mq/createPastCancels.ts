import type { ConfirmChannel, ConsumeMessage } from "amqplib";
import { Buffer } from "node:buffer";
import { createId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { settlesWithin } from "../settlesWithin.ts";
import { closeChannel, consume } from "./keepChannel.ts";
import { declareCancelledQueue } from "./topology.ts";

/** What was cancelled before this worker could hear of it. */
export type PastCancels = {
  /**
   * Reads all that was cancelled before the call; calls at the same time share a reading. Rejects
   * where the connection fails, or the broker refuses.
   */
  read(): Promise<void>;
};

/** Options of `createPastCancels`. */
export type PastCancelsOptions = {
  openChannel(): Promise<ConfirmChannel>;
  onMessage(message: ConsumeMessage): void;
  log: Logger;
  /** How long a reading may take, with all that are before it, in milliseconds. Default 10 s. */
  timeoutMs?: number;
};

const TIMEOUT_MS = 10_000;

/**
 * Makes the reader of the queue of cancels. The broker lets workers read it one after the other,
 * each the whole of it, and it stays as it was: closing the channel gives every message back in its
 * place. Whoever stops in the middle of that holds up a worker that starts, but not for ever.
 */
export const createPastCancels = (
  { openChannel, onMessage, log, timeoutMs = TIMEOUT_MS }: PastCancelsOptions,
): PastCancels => {
  let current: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const readAll = async (): Promise<void> => {
    const channel = await openChannel();
    const { promise: isRead, resolve, reject } = Promise.withResolvers<void>();
    // It ends so too where nobody waits for it any more.
    isRead.catch(() => {});
    channel.on("error", reject);
    channel.once("close", () => reject(new Error("The channel was closed.")));
    channel.on("handler-error", reject);
    try {
      const queue = await declareCancelledQueue(channel);
      const mark = createId();
      const take = (message: ConsumeMessage): void => {
        if (message.properties.messageId !== mark) return onMessage(message);
        channel.ack(message);
        resolve();
      };
      await consume(channel, queue, { onMessage: take });
      // Its place in the queue is behind all that was cancelled before.
      channel.sendToQueue(queue, Buffer.alloc(0), { messageId: mark, expiration: timeoutMs });
      if (await settlesWithin(isRead, timeoutMs)) return await isRead;
      log.warn("What was cancelled before this worker came could not be read in time.", { queue });
    } finally {
      await closeChannel(channel);
    }
  };

  return {
    read() {
      next ??= current.catch(() => {}).then(() => {
        next = undefined;
        return current = readAll();
      });
      return next;
    },
  };
};
