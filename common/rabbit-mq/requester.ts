import type { ConsumeMessage, Options } from "amqplib";
import { randomUUID } from "node:crypto";
import * as v from "valibot";
import type { Bus, Requester } from "../bus/port.ts";
import type { Control } from "../schemas/busMessages.ts";
import { Frame } from "../schemas/frames.ts";
import { createBundler } from "./createBundler.ts";
import type { Parts } from "./parts.ts";
import { consume, isRefusal, thenAcknowledge } from "./keepChannel.ts";
import { fromBody, problemOf, toBody } from "./messageBody.ts";
import { settlesWithin } from "../settlesWithin.ts";
import { CONTROL_KEYS, declareFramesQueue, EXCHANGES, framesQueueName } from "./topology.ts";

/** How many messages of frames may be on their way to us unacknowledged. */
const PREFETCH = 256;
const REMOVE_TIMEOUT_MS = 1_000;

/** Options of `openRequester`. */
export type RequesterOptions = Parameters<Bus["openRequester"]>[0];

/** Opens the asking side; it has a queue of its own for the frames that come back. */
export const openRequester = async (
  { keep, publisher, outbox, log, count }: Parts,
  { onFrame, onFramesLost = () => {} }: RequesterOptions,
): Promise<Requester> => {
  const id = randomUUID();
  /** Where the queue stands: once it was there, frames are lost with it. */
  let queueIs: "new" | "kept" | "gone" = "new";

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

  const say = (key: string, controls: Control[], more: Options.Publish = {}): void => {
    const properties = { persistent: true, ...more };
    outbox.post({ exchange: EXCHANGES.control, key, body: toBody(controls), properties });
  };
  /** A tick that takes chunks of many streams grants credit to each. */
  const controls = createBundler<Control>((key, together) => say(key, together));
  /** Cancels of all runs, and how long each has to be known. */
  const cancels = createBundler<{ control: Control; timeoutMs: number }>((key, together) => {
    const longest = Math.max(...together.map(({ timeoutMs }) => timeoutMs));
    const kept = { CC: CONTROL_KEYS.cancelled, expiration: Math.ceil(longest) };
    say(key, together.map(({ control }) => control), kept);
  });

  let remove = async (): Promise<void> => {};
  const kept = await keep({
    name: "frames",
    async setUp(channel) {
      if (queueIs === "kept") {
        // While the connection was away it may have expired, or somebody has deleted it.
        await channel.checkQueue(framesQueueName(id)).catch((error) => {
          if (isRefusal(error)) queueIs = "gone";
          throw error;
        });
      }
      const queue = await declareFramesQueue(channel, id);
      await channel.prefetch(PREFETCH);
      await consume(channel, queue, {
        onMessage: thenAcknowledge(channel, take),
        onGone: () => queueIs = "gone",
      });
      remove = async () => void await channel.deleteQueue(queue);
      const isLoss = queueIs === "gone";
      queueIs = "kept";
      // Only now: what is sent from here on arrives.
      if (isLoss) {
        log.warn("The queue of this requester's frames was gone; what it held is lost.");
        onFramesLost();
      }
    },
  });
  return {
    get isBlocked() {
      return publisher.isBlocked;
    },
    publish: (request, options) => publisher.publish(request, { ...options, replyTo: id }),
    control(control, { type, worker, timeoutMs }) {
      const toAll = CONTROL_KEYS.type(type);
      if (control.kind === "cancel" && control.attempt === undefined) {
        // Who ran it may have given it to another by now, or nobody may be there yet.
        cancels.send(toAll, { control, timeoutMs });
      } else controls.send(worker === undefined ? toAll : CONTROL_KEYS.worker(worker), control);
    },
    async close() {
      // Where the connection is away, the queue expires by itself.
      await settlesWithin(remove(), REMOVE_TIMEOUT_MS);
      await kept.close();
    },
  };
};
