import { Buffer } from "node:buffer";
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { serve } from "./serve.ts";

type Answer = { id: number; content: Uint8Array };

// The worker of "careful chain": what it is asked is done by a process of its own, so that an
// endless loop or a crash there is not its own.
const plugin = fork(fileURLToPath(new URL("./carefulPlugin.ts", import.meta.url)), [], {
  serialization: "advanced",
});
const waiting = new Map<number, (content: Buffer) => void>();
let asked = 0;
plugin.on("message", (message) => {
  // Only our own script writes to this channel.
  const { id, content } = message as Answer;
  waiting.get(id)?.(Buffer.from(content));
  waiting.delete(id);
});
await serve((content, answer) => {
  const id = ++asked;
  waiting.set(id, answer);
  // Its own bytes: Bun would send all that amqplib has read with them.
  plugin.send({ id, content: new Uint8Array(content) });
}, { keeps: true });
