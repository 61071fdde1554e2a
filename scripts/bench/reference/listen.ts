import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { answerParent } from "../answerParent.ts";

/** A bare Socket.IO server on a free port; its address is printed when `ready` is called. */
export const listen = (): { io: Server; ready(): Promise<void> } => {
  const http = createServer();
  const io = new Server(http, { transports: ["websocket"], maxHttpBufferSize: 1e8 });
  return {
    io,
    async ready() {
      answerParent({});
      http.listen(0, "127.0.0.1");
      await once(http, "listening");
      console.log(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
    },
  };
};
