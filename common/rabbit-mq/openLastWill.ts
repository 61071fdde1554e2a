import type { Channel, ConsumeMessage } from "amqplib";
import { randomUUID } from "node:crypto";
import type { Announcement } from "../schemas/catalog.ts";
import { consume, unlessClosed } from "./keepChannel.ts";
import { toBody } from "./messageBody.ts";
import type { Outbox } from "./outbox.ts";
import { declareWillQueue } from "./topology.ts";

/** A goodbye that the broker says for a worker when its channel ends, for whatever reason. */
export type LastWill = {
  /**
   * Leaves it with the broker, in the place of the one before, and returns what the announcement
   * after it must say: of that one, and of those before it, the will is the end.
   */
  renew(): Required<Pick<Announcement, "life">>;
};

/** Options of `openLastWill`. */
export type LastWillOptions = { worker: string; outbox: Outbox };

/**
 * Makes the will of one channel of a worker. It is a message that the worker has taken and never
 * acknowledges. So the broker puts it back when the channel ends; but its queue keeps nothing that
 * cannot be delivered at once, and what it does not keep goes to every gateway. Nobody has to ask.
 * It must be renewed, as the broker closes a channel that owes an acknowledgement for too long.
 */
export const openLastWill = async (
  channel: Channel,
  { worker, outbox }: LastWillOptions,
): Promise<LastWill> => {
  // A queue for each channel: one that the broker does not know to be lost would take it else.
  const id = randomUUID();
  const key = await declareWillQueue(channel, id);
  let nth = 0;
  let held: ConsumeMessage | undefined;
  await consume(channel, key, {
    onMessage(message) {
      const before = held;
      held = message;
      if (before) unlessClosed(() => channel.ack(before));
    },
  });
  return {
    renew() {
      const life = { id, nth: ++nth };
      const goodbye: Announcement = { worker, life, goodbye: true, plugins: [], broken: [] };
      outbox.post({ exchange: "", key, body: toBody(goodbye) });
      return { life };
    },
  };
};
