import { connect, createServer, type Socket } from "node:net";

/** A TCP proxy on the loopback interface, to hurt a connection with. */
export type TcpProxy = {
  port: number;
  /** Breaks every connection that goes through it; new ones are taken. */
  cut(): void;
  /** Forwards nothing more, without a word, on the present connections and on new ones. */
  pause(): void;
  /**
   * Forwards nothing more on the present connections, ever, without a word; new ones are served:
   * half-open connections, as after a power cut or in a firewall that forgot them.
   */
  strand(): void;
  /** Forwards again, beginning with what was held. */
  resume(): void;
  /** Breaks every connection and takes no new ones. */
  close(): Promise<void>;
};

/** Where a proxy leads. */
export type TcpProxyTarget = {
  port: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Makes what a new connection's bytes to the target go through. Default: they stay the same. */
  outgoing?: () => (bytes: Uint8Array) => Uint8Array;
  /** The same for the bytes that come from the target. */
  incoming?: () => (bytes: Uint8Array) => Uint8Array;
};

/** Makes a proxy to a port. */
export const createTcpProxy = (target: TcpProxyTarget): Promise<TcpProxy> => {
  const sockets = new Set<Socket>();
  const stranded = new Set<Socket>();
  let isPaused = false;
  type Filter = (bytes: Uint8Array) => Uint8Array;
  const join = (from: Socket, to: Socket, filter: Filter = (bytes) => bytes): void => {
    sockets.add(from);
    from.on("data", (bytes: Uint8Array) => void to.write(filter(bytes)));
    // A broken side is the point of this proxy, not an error.
    from.on("error", () => {});
    from.on("close", () => {
      sockets.delete(from);
      if (!stranded.delete(from)) to.destroy();
    });
    if (isPaused) from.pause();
  };
  const server = createServer((near) => {
    const far = connect(target.port, target.host ?? "127.0.0.1");
    join(near, far, target.outgoing?.());
    join(far, near, target.incoming?.());
  });
  const cut = () => {
    for (const socket of [...sockets, ...stranded]) socket.destroy();
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
        strand() {
          for (const socket of sockets) stranded.add(socket.pause());
          sockets.clear();
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
