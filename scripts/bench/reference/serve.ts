import type { Buffer } from "node:buffer";
import process from "node:process";
import { connect } from "amqplib";
import { answerParent } from "../answerParent.ts";

/** A bare worker: no checks, no confirms, no acknowledgements. */
export const serve = async (
  work: (content: Buffer, answer: (content: Buffer) => void) => void,
): Promise<void> => {
  const { AMQP_URL = "", QUEUE = "" } = process.env;
  const connection = await connect(AMQP_URL, { noDelay: true });
  const channel = await connection.createChannel();
  await channel.assertQueue(QUEUE, { durable: false, autoDelete: true });
  await channel.consume(QUEUE, (message) => {
    if (message === null) return;
    const { replyTo, correlationId } = message.properties;
    work(message.content, (content) => channel.sendToQueue(replyTo, content, { correlationId }));
  }, { noAck: true });
  answerParent({});
  console.log("serving");
};
