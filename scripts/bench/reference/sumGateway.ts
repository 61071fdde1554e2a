import process from "node:process";
import { createForward, fromContent, toContent } from "./forward.ts";
import { listen } from "./listen.ts";

// The gateway of "naive chain" and, where KEEPS is set, of "careful chain": each event is published
// as it comes, and acknowledged with the answer.
const forward = await createForward({ keeps: process.env.KEEPS !== undefined });
const { io, ready } = listen();
io.on("connection", (socket) => {
  socket.on("sum", (payload: unknown, acknowledge: (answer: unknown) => void) => {
    forward(toContent(payload), (answer) => {
      acknowledge(fromContent(answer));
      return true;
    });
  });
});
await ready();
