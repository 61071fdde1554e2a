import type { Channel } from "amqplib";

/** The exchanges, and what goes through each. */
export const EXCHANGES = {
  /** Direct: requests, by type, each type to its one queue. */
  requests: "plugboard.requests",
  /** Direct: frames, by the id of the requester that asked. */
  frames: "plugboard.frames",
  /** Topic: cancel and credit, by worker or by type. */
  control: "plugboard.control",
  /** Fanout: what workers announce. */
  catalog: "plugboard.catalog",
  /** Fanout: what could not be parsed, kept losing workers, or was out of time. */
  dead: "plugboard.dead",
} as const;

const DEAD_QUEUE = "plugboard.dead";
const DEAD_LIMIT = 10_000;
const DEAD_LIMIT_BYTES = 67_108_864;
/** After so many milliseconds without a worker, a type counts as never served. */
const REQUESTS_EXPIRE_MS = 3_600_000;
/** For so many milliseconds a lost requester may come back for its frames. */
const FRAMES_EXPIRE_MS = 60_000;
/** The same for what is said to a worker or a gateway; what is said to one that is gone has a bound. */
const CONTROL_EXPIRE_MS = 60_000;
const CONTROL_LIMIT = 100_000;

/** Longer than a worker may announce itself by one connection while it has yet to miss the other. */
const WILL_EXPIRE_MS = 60_000;

const CANCELLED_QUEUE = "plugboard.cancelled";
const CANCELLED_LIMIT = 20_000;
const CANCELLED_LIMIT_BYTES = 16_777_216;

/** Routing keys of `plugboard.control`. */
export const CONTROL_KEYS = {
  all: "all",
  worker: (id: string): string => `worker.${id}`,
  type: (type: string): string => `type.${type}`,
  /** Beside the type, for what has to be known to workers that come later. */
  cancelled: "cancelled",
  gateways: "gateways",
  gateway: (id: string): string => `gateway.${id}`,
} as const;

/**
 * Declares all exchanges, where dead letters are kept (the newest 10,000, 64 MiB at most), and where
 * cancels are.
 */
export const declareExchanges = async (channel: Channel): Promise<void> => {
  await channel.assertExchange(EXCHANGES.requests, "direct", { durable: true });
  await channel.assertExchange(EXCHANGES.frames, "direct", { durable: true });
  await channel.assertExchange(EXCHANGES.control, "topic", { durable: true });
  await channel.assertExchange(EXCHANGES.catalog, "fanout", { durable: true });
  await channel.assertExchange(EXCHANGES.dead, "fanout", { durable: true });
  await channel.assertQueue(DEAD_QUEUE, {
    durable: true,
    maxLength: DEAD_LIMIT,
    arguments: { "x-max-length-bytes": DEAD_LIMIT_BYTES },
  });
  await channel.bindQueue(DEAD_QUEUE, EXCHANGES.dead, "");
  await declareCancelledQueue(channel);
};

/**
 * Declares the queue of what was cancelled (the newest 20,000, 16 MiB at most), for workers that
 * come later: each message stays for as long as its request may be queued. Of those that consume it
 * the broker lets one read at a time. Returns its name.
 */
export const declareCancelledQueue = async (channel: Channel): Promise<string> => {
  const { queue } = await channel.assertQueue(CANCELLED_QUEUE, {
    durable: true,
    maxLength: CANCELLED_LIMIT,
    arguments: {
      "x-max-length-bytes": CANCELLED_LIMIT_BYTES,
      "x-single-active-consumer": true,
      // A quorum queue, where those are the default, would drop what was read too often.
      "x-queue-type": "classic",
    },
  });
  await channel.bindQueue(queue, EXCHANGES.control, CONTROL_KEYS.cancelled);
  return queue;
};

/** The queue of a request type. */
export const requestQueueName = (type: string): string => `plugboard.requests.${type}`;

/** Declares the queue of a request type, shared by all its workers. Returns its name. */
export const declareRequestQueue = async (channel: Channel, type: string): Promise<string> => {
  const { queue } = await channel.assertQueue(requestQueueName(type), {
    durable: true,
    expires: REQUESTS_EXPIRE_MS,
    deadLetterExchange: EXCHANGES.dead,
  });
  await channel.bindQueue(queue, EXCHANGES.requests, type);
  return queue;
};

/** The queue of a requester. */
export const framesQueueName = (requester: string): string => `plugboard.frames.${requester}`;

/** Declares the queue of a requester; it outlives its connection for a minute. Returns its name. */
export const declareFramesQueue = async (channel: Channel, requester: string): Promise<string> => {
  const { queue } = await channel.assertQueue(framesQueueName(requester), {
    durable: true,
    expires: FRAMES_EXPIRE_MS,
  });
  await channel.bindQueue(queue, EXCHANGES.frames, requester);
  return queue;
};

/** The queue in which a worker, or a gateway, hears what is said to it. */
export const controlQueueName = (id: string): string => `plugboard.control.${id}`;

/**
 * Declares a queue for what is said to a worker or a gateway, and binds it; it outlives its
 * connection for a minute, so that no cancel, credit or relayed frame is missed. Returns its name.
 */
export const declareControlQueue = async (
  channel: Channel,
  id: string,
  keys: Iterable<string>,
): Promise<string> => {
  const { queue } = await channel.assertQueue(controlQueueName(id), {
    durable: true,
    expires: CONTROL_EXPIRE_MS,
    maxLength: CONTROL_LIMIT,
  });
  for (const key of keys) await channel.bindQueue(queue, EXCHANGES.control, key);
  return queue;
};

/**
 * Declares the queue of a worker's last will: what cannot be delivered at once, or comes back, goes
 * to whoever hears announcements. It cannot be exclusive, as with a queue goes all that is in it.
 * Returns its name.
 */
export const declareWillQueue = async (channel: Channel, life: string): Promise<string> => {
  const { queue } = await channel.assertQueue(`plugboard.will.${life}`, {
    durable: true,
    expires: WILL_EXPIRE_MS,
    messageTtl: 0,
    deadLetterExchange: EXCHANGES.catalog,
    // A quorum queue, where those are the default, would count how often it was put back.
    arguments: { "x-queue-type": "classic" },
  });
  return queue;
};

/**
 * Declares a queue that lives as long as its connection, and binds it. The broker names it: under
 * a name of ours it would still be locked when a cut connection is opened anew. Returns its name.
 */
export const declareOwnQueue = async (
  channel: Channel,
  exchange: string,
  keys: Iterable<string>,
): Promise<string> => {
  const { queue } = await channel.assertQueue("", {
    exclusive: true,
    durable: false,
    autoDelete: true,
  });
  for (const key of keys) await channel.bindQueue(queue, exchange, key);
  return queue;
};
