import { Buffer } from "node:buffer";
import process from "node:process";
import { connect } from "amqplib";
import { answerParent } from "../answerParent.ts";

// The bare worker of "naive chain" and "raw RPC": one AMQP message for each request and for each
// answer, no checks, no confirms, no acknowledgements.
const { AMQP_URL = "", QUEUE = "" } = process.env;
const connection = await connect(AMQP_URL, { noDelay: true });
const channel = await connection.createChannel();
await channel.assertQueue(QUEUE, { durable: false, autoDelete: true });
await channel.consume(QUEUE, (message) => {
  if (message === null) return;
  const { a, b } = JSON.parse(message.content.toString());
  const { replyTo, correlationId } = message.properties;
  channel.sendToQueue(replyTo, Buffer.from(JSON.stringify(a + b)), { correlationId });
}, { noAck: true });
answerParent({});
console.log("serving");
