import type { Server as HttpServer } from "node:http";
import { Server } from "socket.io";
import { createBatcher } from "../common/createBatcher.ts";
import { errorBody, RequestError } from "../common/errors.ts";
import type { Logger } from "../common/logger.ts";
import { pack } from "../common/packet.ts";
import type { GatewayMessage } from "../common/schemas/gatewayMessages.ts";
import { settlesWithin } from "../common/settlesWithin.ts";
import { checkHandshake, type HandshakeRules } from "./checkHandshake.ts";
import { limitBacklog } from "./limitBacklog.ts";
import type { Client, Connection } from "./session/createConnection.ts";

/** Options of `createSocketIoServer`. */
export type SocketIoServerOptions = {
  http: HttpServer;
  rules: HandshakeRules;
  maxPayloadBytes: number;
  log: Logger;
  /** Makes the connection of a socket that may connect; its way is to that socket alone. */
  openConnection(client: Client): Connection;
};

/** How long sockets may take to close, in milliseconds. */
const CLOSE_MS = 1_000;
/** A connection without a sign of life for the sum of both counts as lost, in milliseconds. */
const PING_MS = 8_000;
const PONG_MS = 6_000;

/** What may wait, in bytes, for a client that does not read. */
const MAX_BACKLOG_BYTES = 67_108_864;

/** A packet may hold several messages, and a message more than its payload. */
const PACKET_FLOOR_BYTES = 2_097_152;

/**
 * Puts Socket.IO on an HTTP server: handshakes are checked, every socket gets a connection of ours,
 * and what leaves for a socket at the same time goes as one packet.
 */
export const createSocketIoServer = (options: SocketIoServerOptions) => {
  const { http, rules, maxPayloadBytes, log, openConnection } = options;
  const io = new Server(http, {
    serveClient: false,
    transports: ["websocket", "polling"],
    // A packet over this closes the connection; payloads over the limit proper get an error frame.
    maxHttpBufferSize: Math.max(2 * maxPayloadBytes, PACKET_FLOOR_BYTES) + 65_536,
    connectTimeout: 5_000,
    pingInterval: PING_MS,
    pingTimeout: PONG_MS,
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
    // Its room, to which nobody speaks, is two sets for each socket.
    void socket.leave(socket.id);
    const send = createBatcher((messages: GatewayMessage[]) => {
      if (socket.connected) socket.emit("frames", pack(messages));
    }, { atEndOfTick: setImmediate });
    // After what was said in this tick.
    const disconnect = () => void setImmediate(() => socket.disconnect(true));
    limitBacklog(socket.conn, {
      most: MAX_BACKLOG_BYTES,
      onOver(bytes) {
        log.warn("A client that does not read is disconnected.", { bytes });
        // Not in good order: it would wait for what the client does not read.
        socket.conn.close(true);
      },
    });
    const principal = rules.token === undefined ? undefined : { id: "token" };
    const { onPacket, close } = openConnection({ principal, send, disconnect });
    socket.on("messages", onPacket);
    socket.on("disconnect", (reason) => {
      log.debug("disconnected", { reason });
      close({ forGood: reason === "client namespace disconnect" });
    });
  });

  return {
    /** Takes no more connections; present ones stay. */
    stopListening: () => void http.close(),
    /** Disconnects every socket; resolves soon, though a peer does not answer. */
    async close() {
      await settlesWithin(io.close(), CLOSE_MS);
      http.closeAllConnections();
    },
  };
};
