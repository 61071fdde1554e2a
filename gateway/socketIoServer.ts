import type { Server as HttpServer } from "node:http";
import { Server } from "socket.io";
import { createBatcher } from "../common/createBatcher.ts";
import { errorBody, RequestError } from "../common/errors.ts";
import { createId } from "../common/ids.ts";
import type { Logger } from "../common/logger.ts";
import { pack } from "../common/packet.ts";
import type { Principal } from "../common/schemas/busMessages.ts";
import type { GatewayMessage } from "../common/schemas/gatewayMessages.ts";
import { checkHandshake, type HandshakeRules } from "./checkHandshake.ts";
import type { Session } from "./createSession.ts";

/** Options of `createSocketIoServer`. */
export type SocketIoServerOptions = {
  http: HttpServer;
  rules: HandshakeRules;
  maxPayloadBytes: number;
  log: Logger;
  /** Makes the session of a socket that may connect; `send` reaches that socket alone. */
  openSession(
    send: (message: GatewayMessage) => void,
    who: { session: string; principal?: Principal },
  ): Session;
};

/** A packet may hold several messages, and a message more than its payload. */
const PACKET_FLOOR_BYTES = 2_097_152;

/**
 * Puts Socket.IO on an HTTP server: handshakes are checked, every socket gets a session, and what
 * is said to a socket within one tick goes as one packet.
 */
export const createSocketIoServer = (options: SocketIoServerOptions) => {
  const { http, rules, maxPayloadBytes, log, openSession } = options;
  const io = new Server(http, {
    serveClient: false,
    transports: ["websocket", "polling"],
    // A packet over this closes the connection; payloads over the limit proper get an error frame.
    maxHttpBufferSize: Math.max(2 * maxPayloadBytes, PACKET_FLOOR_BYTES) + 65_536,
    connectTimeout: 5_000,
    cors: { origin: rules.allowedOrigins.includes("*") ? true : rules.allowedOrigins },
  });

  io.use((socket, next) => {
    const { headers, auth } = socket.handshake;
    const { origin, host } = headers;
    try {
      checkHandshake({ origin, host, auth }, rules);
      next();
    } catch (error) {
      if (!(error instanceof RequestError)) return next(error as Error);
      log.warn("A client was refused.", { code: error.code, origin, host });
      next(Object.assign(new Error(error.message), { data: errorBody(error) }));
    }
  });

  io.on("connection", (socket) => {
    const session = createId();
    const emit = createBatcher((messages: GatewayMessage[]) => {
      if (socket.connected) socket.emit("frames", pack(messages));
    }, { atEndOfTick: setImmediate });
    const principal = rules.token === undefined ? undefined : { id: "token" };
    log.debug("connected", { session });
    const { onPacket, close } = openSession(emit, { session, principal });
    socket.on("messages", onPacket);
    socket.on("disconnect", (reason) => {
      log.debug("disconnected", { session, reason });
      close(reason);
    });
  });

  return {
    /** Disconnects every socket and closes the HTTP server. */
    close: () => io.close(),
  };
};
