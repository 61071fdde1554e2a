/** What tests see and say of AMQP past the bus. */
import { connect } from "amqplib";
import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { AMQP_URL } from "./busFixture.ts";
import { fromBody } from "./messageBody.ts";
import { declareExchanges, EXCHANGES, requestQueueName } from "./topology.ts";

/** A request message as it is on the wire. */
export type RawRequests = { requests: Record<string, unknown>[]; expiration: unknown };

/** A channel beside the bus. */
export type Raw = {
  dead: { body: string; reason: unknown }[];
  /** Bodies of frames to `replyTo`. */
  received: string[];
  replyTo: string;
  send(key: string, body: Buffer, properties?: object): void;
  /** Keeps what is published as requests of a type from now on, message by message. */
  tapRequests(type: string): Promise<RawRequests[]>;
  /** Keeps every body that goes through an exchange with that key from now on. */
  tap(exchange: string, key: string): Promise<unknown[]>;
  /** How many messages of a type no worker has. */
  waiting(type: string): Promise<number>;
};

/** Speaks AMQP past the bus, and hears every dead letter. */
export const withRawChannel = async (test: (raw: Raw) => Promise<void>): Promise<void> => {
  const connection = await connect(AMQP_URL);
  try {
    const channel = await connection.createChannel();
    await declareExchanges(channel);
    const dead: Raw["dead"] = [];
    const received: string[] = [];
    const listen = async (
      exchange: string,
      key: string,
      heard: (body: Buffer, properties: Record<string, unknown>) => void,
    ) => {
      const { queue } = await channel.assertQueue("", { exclusive: true, durable: false });
      await channel.bindQueue(queue, exchange, key);
      await channel.consume(queue, (message) => {
        if (message) heard(message.content, { ...message.properties });
      }, { noAck: true });
    };
    const replyTo = randomUUID();
    await listen(EXCHANGES.dead, "", (body, { headers }) => {
      const { "x-first-death-reason": reason } = (headers ?? {}) as Record<string, unknown>;
      dead.push({ body: String(body), reason });
    });
    await listen(EXCHANGES.frames, replyTo, (body) => void received.push(String(body)));
    await test({
      dead,
      received,
      replyTo,
      send: (key, body, properties) =>
        void channel.publish(EXCHANGES.requests, key, body, { replyTo, ...properties }),
      async tap(exchange, key) {
        const bodies: unknown[] = [];
        await listen(exchange, key, (content) => void bodies.push(fromBody({ content })));
        return bodies;
      },
      async tapRequests(type) {
        const messages: RawRequests[] = [];
        await listen(EXCHANGES.requests, type, (content, { expiration }) => {
          messages.push({ requests: fromBody({ content }) as RawRequests["requests"], expiration });
        });
        return messages;
      },
      waiting: async (type) => (await channel.checkQueue(requestQueueName(type))).messageCount,
    });
  } finally {
    await connection.close();
  }
};
