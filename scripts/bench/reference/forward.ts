import { Buffer } from "node:buffer";
import process from "node:process";
import { createId } from "../../../common/ids.ts";
import { type ConfirmChannel, connect, type Options } from "amqplib";

/** Publishes one message to the worker; `onAnswer` says whether the answer was the last one. */
export type Forward = (content: Buffer, onAnswer: (answer: Buffer) => boolean) => void;

/** What a message needs that is to survive a broker that is killed, and no worker. */
const KEPT: Options.Publish = { persistent: true, mandatory: true, expiration: 30_000 };

/**
 * The broker's side of a bare gateway: one AMQP message for each request. With `keeps` the broker
 * confirms it, and the answer waits for a gateway that was cut off.
 */
export const createForward = async ({ keeps = false } = {}): Promise<Forward> => {
  const { AMQP_URL = "", QUEUE = "" } = process.env;
  const connection = await connect(AMQP_URL, { noDelay: true });
  const channel = await (keeps ? connection.createConfirmChannel() : connection.createChannel());
  const { queue: replyTo } = keeps
    ? await channel.assertQueue(`${QUEUE}.frames.${createId()}`, { durable: true, expires: 60_000 })
    : await channel.assertQueue("", { exclusive: true });
  const waiting = new Map<string, (answer: Buffer) => boolean>();
  let asked = 0;

  await channel.consume(replyTo, (message) => {
    if (message === null) return;
    const id: string = message.properties.correlationId;
    if (waiting.get(id)?.(message.content)) waiting.delete(id);
    if (keeps) channel.ack(message);
  }, { noAck: !keeps });

  return (content, onAnswer) => {
    const correlationId = String(++asked);
    waiting.set(correlationId, onAnswer);
    const properties = { correlationId, replyTo };
    if (!keeps) return void channel.sendToQueue(QUEUE, content, properties);
    send(channel as ConfirmChannel, QUEUE, { content, properties });
  };
};

/** Sends what must not be lost; `onConfirmed` when the broker has it. A bench has no second try. */
export const send = (
  channel: ConfirmChannel,
  queue: string,
  { content, properties, onConfirmed = () => {} }: {
    content: Buffer;
    properties: Options.Publish;
    onConfirmed?(): void;
  },
): void => {
  channel.sendToQueue(queue, content, { ...KEPT, ...properties }, (error) => {
    if (error) throw error;
    onConfirmed();
  });
};

/** A value as the references put it into a message, and back. */
export const toContent = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
export const fromContent = (content: Buffer): unknown => JSON.parse(content.toString());
