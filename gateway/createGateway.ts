import type { AddressInfo } from "node:net";
import { createTickClock } from "../common/createTickClock.ts";
import { createCaller } from "../common/bus/createCaller.ts";
import type { Bus } from "../common/bus/port.ts";
import type { Logger } from "../common/logger.ts";
import type { Settings } from "../common/settings.ts";
import { isLoopbackHost } from "./checkHandshake.ts";
import { createCatalog, type LiveCatalog } from "./createCatalog.ts";
import { createHttpServer, type Readiness } from "./createHttpServer.ts";
import { createTopics } from "./createTopics.ts";
import { createConnection } from "./session/createConnection.ts";
import { createSessions } from "./session/createSessions.ts";
import { drainSessions } from "./session/drainSessions.ts";
import { createSocketIoServer } from "./socketIoServer.ts";
import { createInsight } from "./status/createInsight.ts";
import { createStatusFeed } from "./status/createStatusFeed.ts";

/** A gateway that listens. */
export type Gateway = {
  /** Where it is reached, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly catalog: LiveCatalog;
  /**
   * Takes no more connections and requests, lets what runs come to its end for `drainMs` at most,
   * and sends clients elsewhere; then settles the rest and closes.
   */
  close(options?: { drainMs?: number }): Promise<void>;
};

/** Options of `createGateway`. */
export type GatewayOptions = {
  bus: Bus;
  settings: Settings;
  log: Logger;
  /** The folder of the built client. */
  clientDir: string;
};

/**
 * Bridges browsers and a bus: HTTP and Socket.IO on one side, the bus port on the other.
 * @throws Error in one line when the port is taken, the address is not this machine's, or it would
 * listen beyond loopback without a token
 */
export const createGateway = async (
  { bus, settings, log, clientDir }: GatewayOptions,
): Promise<Gateway> => {
  const { HOST, PORT, AUTH_TOKEN, ALLOW_ANONYMOUS } = settings;
  const loopback = isLoopbackHost(HOST);
  if (!loopback && AUTH_TOKEN === undefined && !ALLOW_ANONYMOUS) throw new Error(exposed(HOST));

  const catalog = createCatalog();
  await bus.watchAnnouncements(catalog.onAnnouncement);
  const now = createTickClock();
  const { caller, meter, recent, refused } = createInsight({
    caller: await createCaller({
      ...{ bus, now },
      workersFor: catalog.workersFor,
      concurrencyFor: (type) => catalog.handler(type)?.concurrency,
    }),
    ...{ log, now },
  });

  let isStopping = false;
  const readiness = async (): Promise<Readiness> => {
    if (isStopping) return { ready: false, reason: "the gateway stops" };
    if (bus.state !== "ready") return { ready: false, reason: `the bus is ${bus.state}` };
    if (catalog.current.workers.length === 0) {
      return { ready: false, reason: "no worker is online" };
    }
    if (catalog.current.workers.every(({ starting }) => starting)) {
      return { ready: false, reason: "the plugins are being loaded" };
    }
    const type = catalog.current.plugins[0]?.handlers[0]?.type;
    if (type === undefined) return { ready: false, reason: "no worker serves any handler" };
    if (await bus.hasConsumer(type)) return { ready: true };
    return { ready: false, reason: `nobody takes requests of ${type}` };
  };

  const http = createHttpServer({ clientDir, readiness, log });
  const limits = {
    requestTimeoutMs: settings.REQUEST_TIMEOUT_MS,
    maxPayloadBytes: settings.MAX_PAYLOAD_BYTES,
    maxPending: settings.MAX_PENDING,
    maxPendingTotal: settings.MAX_PENDING_TOTAL,
    resumeMs: settings.RESUME_MS,
  };
  const sessions = await createSessions({ bus, caller, catalog, limits, log, now });
  const { gateway } = sessions;
  const status = createStatusFeed({
    ...{ bus, catalog, meter, held: caller.held },
    now: () => ({
      ...{ gateway, peers: sessions.peers, inFlight: caller.pending },
      clients: sessions.connections.size,
    }),
  });
  const topics = createTopics({ gateway, catalog, status, recent, level: settings.LOG_LEVEL });
  const closeTopics = (): void => {
    for (const part of [status, recent, catalog]) part.close();
  };
  const deps = { sessions, topics, limits, log, onRefused: refused };
  const sockets = createSocketIoServer({
    http,
    rules: { allowedOrigins: settings.ALLOWED_ORIGINS ?? [], token: AUTH_TOKEN, loopback },
    maxPayloadBytes: limits.maxPayloadBytes,
    log,
    openConnection: (client) => createConnection(deps, client),
  });

  const port = await listen(http, { host: HOST, port: PORT }).catch(async (error) => {
    closeTopics();
    await Promise.all([sockets.close(), sessions.close()]);
    throw error;
  });

  return {
    url: `http://${HOST.includes(":") ? `[${HOST}]` : HOST}:${port}`,
    catalog,
    async close({ drainMs = 0 } = {}) {
      isStopping = true;
      const { pending } = caller;
      if (pending > 0) {
        log.info("The gateway waits for what it has before it stops.", { pending, drainMs });
      }
      sockets.stopListening();
      await drainSessions(sessions, drainMs);
      // What is left has an outcome now, and clients that are still there hear of it.
      await caller.close();
      await drainSessions(sessions, LAST_FRAMES_MS);
      closeTopics();
      await sockets.close();
      await sessions.close();
    },
  };
};

/** How long the last frames may take to reach their clients, in milliseconds. */
const LAST_FRAMES_MS = 500;

type Listener = ReturnType<typeof createHttpServer>;

const listen = async (http: Listener, at: { host: string; port: number }): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  http.once("error", (error) => reject(notListening(error, at)));
  http.listen(at.port, at.host, resolve);
  await promise;
  return (http.address() as AddressInfo).port;
};

const notListening = (
  error: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
): Error => {
  const why = error.code === "EADDRINUSE"
    ? `PORT ${port} is in use on ${host}: end what uses it, or choose another with --port.`
    : error.code === "EACCES"
    ? `PORT ${port} needs more rights than this process has: choose one above 1023 with --port.`
    : ["EADDRNOTAVAIL", "EINVAL", "ENOTFOUND"].includes(error.code ?? "")
    ? `HOST "${host}" is not an address of this machine: choose another with --host.`
    : `The gateway cannot listen on ${host}:${port}: ${error.message}`;
  return new Error(why, { cause: error });
};

const exposed = (host: string): string =>
  `HOST "${host}" would let others in without a token: set AUTH_TOKEN, or ALLOW_ANONYMOUS=1.`;
