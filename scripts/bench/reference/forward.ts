import { Buffer } from "node:buffer";
import process from "node:process";
import { connect } from "amqplib";

/** Publishes one message to the worker; `onAnswer` says whether the answer was the last one. */
export type Forward = (content: Buffer, onAnswer: (answer: Buffer) => boolean) => void;

/** The broker's side of a bare gateway: one AMQP message for each request, no confirms. */
export const createForward = async (): Promise<Forward> => {
  const { AMQP_URL = "", QUEUE = "" } = process.env;
  const connection = await connect(AMQP_URL, { noDelay: true });
  const channel = await connection.createChannel();
  const { queue: replyTo } = await channel.assertQueue("", { exclusive: true });
  const waiting = new Map<string, (answer: Buffer) => boolean>();
  let asked = 0;

  await channel.consume(replyTo, (message) => {
    if (message === null) return;
    const id: string = message.properties.correlationId;
    if (waiting.get(id)?.(message.content)) waiting.delete(id);
  }, { noAck: true });

  return (content, onAnswer) => {
    const correlationId = String(++asked);
    waiting.set(correlationId, onAnswer);
    channel.sendToQueue(QUEUE, content, { correlationId, replyTo });
  };
};

/** A value as the references put it into a message, and back. */
export const toContent = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
export const fromContent = (content: Buffer): unknown => JSON.parse(content.toString());
