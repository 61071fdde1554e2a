import type { Buffer } from "node:buffer";
import process from "node:process";
import { type ConfirmChannel, connect } from "amqplib";
import { answerParent } from "../answerParent.ts";
import { send } from "./forward.ts";

/** What a worker does with a message. */
export type Work = (content: Buffer, answer: (content: Buffer) => void) => void;

/** As many as a worker of Plugboard takes in the same comparison. */
const AT_A_TIME = 1_024;

/**
 * A bare worker without checks. With `keeps` a request is acknowledged when its answer was
 * confirmed; without it nothing is.
 */
export const serve = async (work: Work, { keeps = false } = {}): Promise<void> => {
  const { AMQP_URL = "", QUEUE = "" } = process.env;
  const connection = await connect(AMQP_URL, { noDelay: true });
  const channel = await (keeps ? connection.createConfirmChannel() : connection.createChannel());
  await channel.assertQueue(
    QUEUE,
    keeps ? { durable: true, expires: 60_000 } : { durable: false, autoDelete: true },
  );
  await channel.prefetch(keeps ? AT_A_TIME : 0);
  await channel.consume(QUEUE, (message) => {
    if (message === null) return;
    const { replyTo, correlationId } = message.properties;
    work(message.content, (content) => {
      const properties = { correlationId };
      if (!keeps) return void channel.sendToQueue(replyTo, content, properties);
      const onConfirmed = () => channel.ack(message);
      send(channel as ConfirmChannel, replyTo, { content, properties, onConfirmed });
    });
  }, { noAck: !keeps });
  answerParent({});
  console.log("serving");
};
