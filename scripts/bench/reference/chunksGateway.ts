import { createForward, fromContent, toContent } from "./forward.ts";
import { listen } from "./listen.ts";

type Ask = { id: number; upTo: number };

// Streams as one would write them first: an event for each chunk, as it comes.
const forward = await createForward();
const { io, ready } = listen();
io.on("connection", (socket) => {
  socket.on("count", ({ id, upTo }: Ask) => {
    forward(toContent({ upTo }), (content) => {
      const chunk = fromContent(content) as number;
      socket.emit("chunk", { id, chunk });
      return chunk === upTo - 1;
    });
  });
});
await ready();
