import { connect, createServer, type Socket } from "node:net";

/** A TCP load balancer on the loopback interface: what stands before several gateways. */
export type TcpBalancer = {
  port: number;
  /** The ports it takes turns with. One that refuses is passed over. */
  readonly targets: Set<number>;
  /** Breaks every connection; new ones are taken. */
  cut(): void;
  /** Breaks every connection and takes no new ones. */
  close(): Promise<void>;
};

/** Makes a balancer without any target. */
export const createTcpBalancer = (): Promise<TcpBalancer> => {
  const targets = new Set<number>();
  const sockets = new Set<Socket>();

  const join = (near: Socket, [port, ...others]: number[]): void => {
    if (port === undefined) return void near.destroy();
    const far = connect(port, "127.0.0.1");
    const onRefused = () => join(near, others);
    far.once("error", onRefused);
    far.once("connect", () => {
      far.off("error", onRefused);
      // A gateway that dies is what this is for, not an error.
      far.on("error", () => {});
      sockets.add(far);
      far.on("close", () => {
        sockets.delete(far);
        near.destroy();
      });
      near.on("close", () => far.destroy());
      near.pipe(far).pipe(near);
      if (near.destroyed) far.destroy();
    });
  };
  const server = createServer((near) => {
    sockets.add(near);
    near.on("error", () => {});
    near.on("close", () => sockets.delete(near));
    const [first, ...others] = [...targets];
    if (first === undefined) return void near.destroy();
    // The next connection begins with the next one.
    targets.delete(first);
    targets.add(first);
    join(near, [first, ...others]);
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") return reject(new Error("No TCP port."));
      resolve({
        port: address.port,
        targets,
        cut,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            cut();
          }),
      });
    });
  });
};
