import { Buffer } from "node:buffer";
import { connect } from "amqplib";
import { type Driver, expect, type Target } from "./driver.ts";

/** Asks a bare worker over the broker, with no gateway between: "raw RPC". */
export const connectAmqp = async ({ url, to, work }: Target): Promise<Driver> => {
  if (work.kind !== "sum") throw new Error(`Nobody does "${work.kind}" over bare AMQP.`);
  const connection = await connect(url, { noDelay: true });
  const channel = await connection.createChannel();
  const { queue: replyTo } = await channel.assertQueue("", { exclusive: true });
  const waiting = new Map<string, (answer: unknown) => void>();
  await channel.consume(replyTo, (message) => {
    if (message === null) return;
    const id: string = message.properties.correlationId;
    waiting.get(id)?.(JSON.parse(message.content.toString()));
    waiting.delete(id);
  }, { noAck: true });
  return {
    async call(n) {
      const correlationId = String(n);
      const answered = new Promise((resolve) => waiting.set(correlationId, resolve));
      const content = Buffer.from(JSON.stringify({ a: n, b: 1 }));
      channel.sendToQueue(to, content, { correlationId, replyTo });
      const sum = await answered;
      expect(sum === n + 1, sum);
      return 1;
    },
  };
};
