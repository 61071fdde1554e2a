import { connect, createServer, type Socket } from "node:net";

/** A TCP proxy on the loopback interface, to hurt a connection with. */
export type TcpProxy = {
  port: number;
  /** Breaks every connection that goes through it; new ones are taken. */
  cut(): void;
  /** Forwards nothing more, without a word, on the present connections and on new ones. */
  pause(): void;
  /** Forwards again, beginning with what was held. */
  resume(): void;
  /** Breaks every connection and takes no new ones. */
  close(): Promise<void>;
};

/** Makes a proxy to a port; `host` is 127.0.0.1 unless told. */
export const createTcpProxy = (
  target: { port: number; host?: string },
): Promise<TcpProxy> => {
  const sockets = new Set<Socket>();
  let isPaused = false;
  const join = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on("data", (bytes) => void to.write(bytes));
    // A broken side is the point of this proxy, not an error.
    from.on("error", () => {});
    from.on("close", () => {
      sockets.delete(from);
      to.destroy();
    });
    if (isPaused) from.pause();
  };
  const server = createServer((near) => {
    const far = connect(target.port, target.host ?? "127.0.0.1");
    join(near, far);
    join(far, near);
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") return reject(new Error("No TCP port."));
      resolve({
        port: address.port,
        cut,
        pause() {
          isPaused = true;
          for (const socket of sockets) socket.pause();
        },
        resume() {
          isPaused = false;
          for (const socket of sockets) socket.resume();
        },
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            cut();
          }),
      });
    });
  });
};
