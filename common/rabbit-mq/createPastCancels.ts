import type { ConfirmChannel, ConsumeMessage } from "amqplib";
import { setTimeout as delay } from "node:timers/promises";
import { closeChannel } from "./keepChannel.ts";
import { declareCancelledQueue } from "./topology.ts";

/** What was cancelled before this worker could hear of it. */
export type PastCancels = {
  /**
   * Reads all that was cancelled before the call; calls at the same time share a reading. Rejects
   * where the connection fails.
   */
  read(): Promise<void>;
};

/** Options of `createPastCancels`. */
export type PastCancelsOptions = {
  openChannel(): Promise<ConfirmChannel>;
  onMessage(message: ConsumeMessage): void;
};

/** Between two tries while another worker reads, in milliseconds: that takes a few. */
const RETRY_MS = 10;
const ACCESS_REFUSED = 403;

/**
 * Makes the reader of the queue of cancels. Workers read it one after the other, each the whole of
 * it, and leave it as it was: closing the channel gives every message back in its place.
 */
export const createPastCancels = (
  { openChannel, onMessage }: PastCancelsOptions,
): PastCancels => {
  let current: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  /** Whether it was read: not while another worker reads. */
  const tryToRead = async (): Promise<boolean> => {
    const channel = await openChannel();
    channel.on("error", () => {});
    try {
      const queue = await declareCancelledQueue(channel);
      const take = (message: ConsumeMessage | null) => message && onMessage(message);
      await channel.consume(queue, take, { exclusive: true });
      // The broker answers after what it has delivered; what is left, it still delivers.
      while ((await channel.checkQueue(queue)).messageCount > 0);
      return true;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === ACCESS_REFUSED) return false;
      throw error;
    } finally {
      await closeChannel(channel);
    }
  };

  const readAll = async (): Promise<void> => {
    while (!await tryToRead()) await delay(RETRY_MS);
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
