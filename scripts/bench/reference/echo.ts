import { listen } from "./listen.ts";

// "Bare echo": Socket.IO alone. It answers with the sum, so that every load asks for the same.
const { io, ready } = listen();
io.on("connection", (socket) => {
  socket.on("sum", ({ a, b }: { a: number; b: number }, acknowledge: (sum: number) => void) => {
    acknowledge(a + b);
  });
});
await ready();
