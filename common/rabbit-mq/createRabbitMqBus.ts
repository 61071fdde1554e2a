import type { Bus } from "../bus/port.ts";
import { RequestError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { parseAmqpUrl } from "./amqpUrl.ts";
import { type Connection, openConnection } from "./connection.ts";
import { createFrameSender } from "./frameSender.ts";
import { keepChannel, type KeptChannel } from "./keepChannel.ts";
import { createOutbox } from "./outbox.ts";
import type { Parts } from "./parts.ts";
import { openPeer } from "./peer.ts";
import { queueDepths } from "./queueDepths.ts";
import { openRequester } from "./requester.ts";
import { createRequestPublisher } from "./requestPublisher.ts";
import { openResponder } from "./responder.ts";
import { requestQueueName } from "./topology.ts";
import { watchAnnouncements } from "./watchAnnouncements.ts";
import { watchConfirms } from "./watchConfirms.ts";

/** Options of `createRabbitMqBus`. */
export type RabbitMqBusOptions = {
  /** Such as `amqp://user:password@host:5672/vhost`. */
  url: string;
  log: Logger;
  /** Counts what is worth a metric, such as `unparsable_frame`. Default: nobody counts. */
  count?(what: string): void;
  /** How long the broker may owe a confirm before its connection is cut, in ms. Default 10 s. */
  confirmMs?: number;
};

/** How long `close` waits, in milliseconds, for the broker to take what was sent last. */
const DRAIN_MS = 1_000;

/**
 * Connects to RabbitMQ (3.10 to 4.3) and gives the bus over it. A connection lost later is
 * recovered for ever.
 * @throws Error one sentence, when the URL is no AMQP URL, or the broker cannot be reached or
 * refuses the user.
 * @example const bus = await createRabbitMqBus({ url: "amqp://localhost", log: createLogger() });
 */
export const createRabbitMqBus = async (
  { url, log, count = () => {}, confirmMs }: RabbitMqBusOptions,
): Promise<Bus> => {
  const address = parseAmqpUrl(url);
  const publishing = await openConnection(address, { name: "publishing", log });
  const confirms = watchConfirms(publishing, { log, timeoutMs: confirmMs });
  const outbox = createOutbox(publishing, { log, confirms, count });
  const publisher = createRequestPublisher(publishing, { log, confirms });
  try {
    await Promise.all([outbox.opened, publisher.opened]).catch((cause) => {
      const remedy = cause.code === 406
        ? "Delete what was declared otherwise there"
        : "Check the permissions";
      const why = `it refuses what is declared there: ${cause.message}. ${remedy}.`;
      throw new Error(`RabbitMQ at ${address.shown} cannot be used: ${why}`, { cause });
    });
    const consuming = await openConnection(address, { name: "consuming", log });
    const frames = createFrameSender(outbox);
    return assemble({ publishing, consuming, outbox, frames, publisher, log, count });
  } catch (error) {
    await Promise.all([outbox.close(), publisher.close(), publishing.close()]);
    throw error;
  }
};

type Assembly = Omit<Parts, "keep" | "openChannel"> & {
  publishing: Connection;
  consuming: Connection;
};

const assemble = ({ publishing, consuming, ...rest }: Assembly): Bus => {
  const { outbox, publisher, log } = rest;
  const channels = new Set<Pick<KeptChannel, "isOpen" | "close">>([outbox, publisher]);
  const connections = [publishing, consuming];
  let isClosed = false;

  const keep: Parts["keep"] = async (options) => {
    if (isClosed) throw new RequestError("BUS_UNAVAILABLE", "The bus is closed.");
    const kept = keepChannel(consuming, { ...options, log });
    channels.add(kept);
    const handle: KeptChannel = {
      get isOpen() {
        return kept.isOpen;
      },
      opened: kept.opened,
      async close() {
        channels.delete(kept);
        await kept.close();
      },
    };
    try {
      await kept.opened;
    } catch (error) {
      await handle.close();
      throw error;
    }
    return handle;
  };
  const parts: Parts = { ...rest, keep, openChannel: consuming.openChannel };

  return {
    get state() {
      if (isClosed) return "closed";
      const isWhole = connections.every(({ state }) => state.status === "ready") &&
        [...channels].every((channel) => channel.isOpen);
      return isWhole ? "ready" : "recovering";
    },
    async hasConsumer(type) {
      const channel = await consuming.openChannel();
      // Where the queue is not there, the broker closes the channel.
      channel.on("error", () => {});
      try {
        return (await channel.checkQueue(requestQueueName(type))).consumerCount > 0;
      } catch {
        return false;
      } finally {
        await channel.close().catch(() => {});
      }
    },
    queueDepths: (types) => queueDepths(parts, types),
    openRequester: (options) => openRequester(parts, options),
    openResponder: (options) => openResponder(parts, options),
    openPeer: (options) => openPeer(parts, options),
    watchAnnouncements: (onAnnouncement) => watchAnnouncements(parts, onAnnouncement),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await outbox.drain(DRAIN_MS);
      await Promise.all([...channels].map((channel) => channel.close()));
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
};
