import { connect } from "node:net";

/**
 * Whether a broker answers on a port of the loopback interface within 2 s: one that is ready
 * answers the protocol header with a method frame (type 1).
 */
export const speaksAmqp = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("AMQP\0\0\x09\x01"));
    const settle = (spoke: boolean) => {
      socket.destroy();
      resolve(spoke);
    };
    socket.setTimeout(2_000, () => settle(false));
    socket.once("data", (bytes) => settle(bytes[0] === 1));
    socket.once("error", () => settle(false));
    socket.once("close", () => settle(false));
  });
