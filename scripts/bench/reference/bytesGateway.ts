import type { Buffer } from "node:buffer";
import { createForward } from "./forward.ts";
import { listen } from "./listen.ts";

// Bytes go through as they are: Socket.IO gives a Buffer, and AMQP takes one.
const forward = await createForward();
const { io, ready } = listen();
io.on("connection", (socket) => {
  socket.on("bytes", (data: Buffer, acknowledge: (answer: Buffer) => void) => {
    forward(data, (answer) => {
      acknowledge(answer);
      return true;
    });
  });
});
await ready();
