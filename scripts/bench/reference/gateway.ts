import { Buffer } from "node:buffer";
import process from "node:process";
import { connect } from "amqplib";
import { listen } from "./listen.ts";

// The gateway of "naive chain": each event is published as it comes, and acknowledged with the
// answer.
const { AMQP_URL = "", QUEUE = "" } = process.env;
const connection = await connect(AMQP_URL, { noDelay: true });
const channel = await connection.createChannel();
const { queue: replyTo } = await channel.assertQueue("", { exclusive: true });
const waiting = new Map<string, (answer: unknown) => void>();
let asked = 0;

await channel.consume(replyTo, (message) => {
  if (message === null) return;
  const id: string = message.properties.correlationId;
  waiting.get(id)?.(JSON.parse(message.content.toString()));
  waiting.delete(id);
}, { noAck: true });

const { io, ready } = listen();
io.on("connection", (socket) => {
  socket.on("sum", (payload: unknown, acknowledge: (answer: unknown) => void) => {
    const correlationId = String(++asked);
    waiting.set(correlationId, acknowledge);
    channel.sendToQueue(QUEUE, Buffer.from(JSON.stringify(payload)), { correlationId, replyTo });
  });
});
await ready();
