import { Buffer } from "node:buffer";
import process from "node:process";
import { fromContent, toContent } from "./forward.ts";

// What "careful chain" runs in a process of its own.
process.on("message", (message) => {
  // Only its worker writes to this channel.
  const { id, content } = message as { id: number; content: Uint8Array };
  const { a, b } = fromContent(Buffer.from(content)) as { a: number; b: number };
  process.send?.({ id, content: toContent(a + b) });
});
process.on("disconnect", () => process.exit(0));
