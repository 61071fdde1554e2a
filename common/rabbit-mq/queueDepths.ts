import type { ConfirmChannel } from "amqplib";
import type { Parts } from "./parts.ts";
import { requestQueueName } from "./topology.ts";

/** Gives the number of messages, which may hold several requests each, in the queue of each type, of those that have one. */
export const queueDepths = async (
  { openChannel }: Pick<Parts, "openChannel">,
  types: Iterable<string>,
): Promise<ReadonlyMap<string, number>> => {
  const depths = new Map<string, number>();
  let channel: ConfirmChannel | undefined;
  for (const type of types) {
    channel ??= await openQuietly(openChannel);
    try {
      depths.set(type, (await channel.checkQueue(requestQueueName(type))).messageCount);
    } catch {
      // The queue is not there, for which the broker closes the channel; or the connection is gone.
      channel = undefined;
    }
  }
  await channel?.close().catch(() => {});
  return depths;
};

const openQuietly = async (openChannel: Parts["openChannel"]): Promise<ConfirmChannel> => {
  const channel = await openChannel();
  channel.on("error", () => {});
  return channel;
};
