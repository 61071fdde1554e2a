import type { ConsumeMessage } from "amqplib";
import { randomUUID } from "node:crypto";
import * as v from "valibot";
import type { Requester } from "../bus/port.ts";
import { Frame } from "../schemas/frames.ts";
import type { Parts } from "./parts.ts";
import { consume, unlessClosed } from "./keepChannel.ts";
import { fromBody, problemOf, toBody } from "./messageBody.ts";
import { settlesWithin } from "../settlesWithin.ts";
import { CONTROL_KEYS, declareFramesQueue, EXCHANGES } from "./topology.ts";

/** How many messages of frames may be on their way to us unacknowledged. */
const PREFETCH = 256;
const REMOVE_TIMEOUT_MS = 1_000;

/** Opens the asking side; it has a queue of its own for the frames that come back. */
export const openRequester = async (
  { keep, publisher, outbox, log, count }: Parts,
  { onFrame }: { onFrame(frame: Frame): void },
): Promise<Requester> => {
  const id = randomUUID();

  const take = (message: ConsumeMessage): void => {
    const body = fromBody(message);
    for (const candidate of Array.isArray(body) ? body : [body]) {
      const parsed = v.safeParse(Frame, candidate);
      if (parsed.success) onFrame(parsed.output);
      else {
        count("unparsable_frame");
        log.warn("A frame that does not parse was dropped.", { problem: problemOf(parsed.issues) });
      }
    }
  };

  let remove = async (): Promise<void> => {};
  const kept = await keep({
    name: "frames",
    async setUp(channel) {
      const queue = await declareFramesQueue(channel, id);
      await channel.prefetch(PREFETCH);
      await consume(channel, queue, (message) => {
        try {
          take(message);
        } finally {
          // Only now: frames that were on their way when the connection was cut come again.
          unlessClosed(() => channel.ack(message));
        }
      });
      remove = async () => void await channel.deleteQueue(queue);
    },
  });
  return {
    publish: (request) => publisher.publish(request, { replyTo: id }),
    control(control, { type, worker }) {
      const key = worker === undefined ? CONTROL_KEYS.type(type) : CONTROL_KEYS.worker(worker);
      const properties = { persistent: true };
      outbox.post({ exchange: EXCHANGES.control, key, body: toBody(control), properties });
    },
    async close() {
      // Where the connection is away, the queue expires by itself.
      await settlesWithin(remove(), REMOVE_TIMEOUT_MS);
      await kept.close();
    },
  };
};
