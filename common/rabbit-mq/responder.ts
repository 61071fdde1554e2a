import type { Channel, ConsumeMessage } from "amqplib";
import * as v from "valibot";
import type { Responder } from "../bus/port.ts";
import type { Control } from "../schemas/busMessages.ts";
import type { Announcement } from "../schemas/catalog.ts";
import { ControlMessage } from "./controlMessages.ts";
import { createPastCancels } from "./createPastCancels.ts";
import { consume, isMissing, thenAcknowledge } from "./keepChannel.ts";
import { fromBody, problemOf, toBody } from "./messageBody.ts";
import { type LastWill, openLastWill } from "./openLastWill.ts";
import type { Parts } from "./parts.ts";
import { settlesWithin } from "../settlesWithin.ts";
import { registerHandlers, type Registration } from "./registerHandlers.ts";
import { CONTROL_KEYS, controlQueueName, declareControlQueue, EXCHANGES } from "./topology.ts";

/** Options of `openResponder`. */
export type ResponderOptions = { worker: string; onControl(control: Control): void };

/** How long `close` waits, in milliseconds, for the broker to take the last frames. */
const REMOVE_TIMEOUT_MS = 1_000;
const DRAIN_MS = 2_000;
/** How long the queue of a type waits for the one of control messages, in milliseconds, at a time. */
const LISTEN_TIMEOUT_MS = 2_000;

/** Opens the answering side: a queue of its own for control messages, and one per type served. */
export const openResponder = async (
  parts: Parts,
  { worker, onControl }: ResponderOptions,
): Promise<Responder> => {
  const { keep, outbox, log, count } = parts;
  const registrations: Registration[] = [];
  const keys = new Set<string>([CONTROL_KEYS.all, CONTROL_KEYS.worker(worker)]);
  /** Resolves once what is said to this worker reaches it; another one after each loss. */
  let listening = Promise.withResolvers<Channel>();
  let isListening = false;
  let remove = async (): Promise<void> => {};
  let last: Announcement | undefined;
  let will: LastWill | undefined;

  const publish = (announcement: Announcement): void =>
    outbox.post({ exchange: EXCHANGES.catalog, key: "", body: toBody(announcement) });
  const publishLast = (): void => {
    // Where nothing reaches this worker it is not there, and the broker has said so.
    if (last === undefined || last.goodbye || will === undefined) return;
    // The will comes first: nobody hears of a worker that could be lost without a word.
    publish({ ...last, ...will.renew() });
  };

  const take = (message: ConsumeMessage): void => {
    const body = fromBody(message);
    for (const candidate of Array.isArray(body) ? body : [body]) {
      const parsed = v.safeParse(ControlMessage, candidate);
      if (!parsed.success) {
        count("unparsable_control");
        const problem = problemOf(parsed.issues);
        log.warn("A control message that does not parse was dropped.", { problem });
      } else if (parsed.output.kind === "whoIsThere") publishLast();
      else onControl(parsed.output);
    }
  };

  const onPast = (message: ConsumeMessage): void => {
    if (keys.has(message.fields.routingKey)) take(message);
  };
  const past = createPastCancels({ openChannel: parts.openChannel, onMessage: onPast, log });

  const control = await keep({
    name: "control messages",
    async setUp(channel: Channel) {
      const queue = await declareControlQueue(channel, worker, keys);
      remove = async () => void await channel.deleteQueue(queue);
      await consume(channel, queue, {
        onMessage: thenAcknowledge(channel, take),
      });
      listening.resolve(channel);
      isListening = true;
      // Something may have been said while its queue was not there.
      if (registrations.length > 0) await past.read();
      will = await openLastWill(channel, { worker, outbox });
      // After a cut, gateways have counted this worker as gone.
      publishLast();
    },
    onLost() {
      will = undefined;
      if (isListening) listening = Promise.withResolvers();
      isListening = false;
    },
  });

  /** From then on cancels of a type are heard, and those from before are known. */
  const listen = async (key: string): Promise<void> => {
    if (!await settlesWithin(listening.promise, LISTEN_TIMEOUT_MS)) {
      throw new Error("Control messages are not heard yet.");
    }
    const channel = await listening.promise;
    try {
      await channel.bindQueue(controlQueueName(worker), EXCHANGES.control, key);
      await past.read();
    } catch (error) {
      // A queue that somebody has deleted is declared anew: that is no reason to give the type up.
      throw isMissing(error) ? new Error("A queue is missing.", { cause: error }) : error;
    }
  };

  return {
    async serve(type, options) {
      const key = CONTROL_KEYS.type(type);
      keys.add(key);
      const before = () => listen(key);
      const registration = await registerHandlers(parts, type, { ...options, before });
      registrations.push(registration);
      return registration;
    },
    announce(announcement) {
      last = announcement;
      // Where the outbox is closed the newest is enough, and goes out with the control channel.
      if (!outbox.isOpen) return;
      if (announcement.goodbye) publish(announcement);
      else publishLast();
    },
    async pause() {
      await Promise.all(registrations.map((registration) => registration.pause()));
    },
    async close() {
      await outbox.drain(DRAIN_MS);
      // Where the connection is away, the queue expires by itself.
      await settlesWithin(remove(), REMOVE_TIMEOUT_MS);
      await Promise.all([control, ...registrations].map((part) => part.close()));
    },
  };
};
