import { fileURLToPath } from "node:url";
import type { Bus } from "../../common/bus/port.ts";
import { createBroker } from "../../common/embedded/createBroker.ts";
import { createEmbeddedBus } from "../../common/embedded/createEmbeddedBus.ts";
import { createMemoryLinks } from "../../common/embedded/memoryLink.ts";
import { createId } from "../../common/ids.ts";
import { createLogger, type Logger } from "../../common/logger.ts";
import type { AnyHandler, Plugin } from "../../common/plugin/types.ts";
import { createRabbitMqBus } from "../../common/rabbit-mq/createRabbitMqBus.ts";
import { readSettings } from "../../common/settings.ts";
import {
  createMakeBackendRequest,
  createWebsocketClient,
  type MakeBackendRequest,
  type WebsocketClient,
} from "../../client/client.ts";
import { createGateway, type Gateway } from "../../gateway/createGateway.ts";
import { createWorker, type Worker } from "../../workers/createWorker.ts";
import { loadPlugins } from "../../workers/loadPlugins.ts";
import { until } from "./until.ts";

/** The two engines, as the suites name them. */
export type Engine = "embedded" | "rabbitmq";
export const ENGINES: Engine[] = ["embedded", "rabbitmq"];

/** The option that skips a test by name where its engine is not to be had. */
export const skipWithout = (engine: Engine): { skip: string | false } => ({
  skip: engine === "rabbitmq" && !process.env.AMQP_URL ? "needs AMQP_URL" : false,
});

/** Options of `startSystem`. */
export type SystemOptions = {
  engine: Engine;
  /** What the first worker serves. Default: the plugins that ship. */
  plugins?: Plugin<string, Record<string, AnyHandler>>[];
  /** Settings by name, as text. */
  settings?: Record<string, string>;
  /** How many workers to start. Default 1. */
  workers?: number;
};

/** A gateway and its workers in this process, with real sockets and the real engine. */
export type System = {
  readonly url: string;
  readonly gateway: Gateway;
  /** Every log line so far, parsed. */
  readonly log: Record<string, unknown>[];
  /** A new connection of its own. */
  connect(): { socket: WebsocketClient; request: MakeBackendRequest };
  startWorker(plugins?: SystemOptions["plugins"]): Promise<Worker>;
  stop(): Promise<void>;
};

type Closing = { close(): Promise<void> | void };

/** Starts a system and waits until it would serve a request. */
export const startSystem = async (options: SystemOptions): Promise<System> => {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({ level: "debug", write: (line) => void lines.push(JSON.parse(line)) });
  const env = { PORT: "0", ...options.settings };
  const { settings } = readSettings({ argv: [], env });
  const openBus = createBusOpener(options.engine, log);
  const closings: Closing[] = [];
  const opened = <T extends Closing>(part: T): T => {
    closings.unshift(part);
    return part;
  };

  const clientDir = fileURLToPath(new URL("../../dist/client", import.meta.url));
  const gateway = opened(
    await createGateway({ bus: opened(await openBus()), settings, log, clientDir }),
  );

  const startWorker: System["startWorker"] = async (plugins = options.plugins) => {
    const loaded = plugins
      ? { plugins: plugins.map((plugin) => ({ file: `${plugin.name}.ts`, plugin })), broken: [] }
      : await loadPlugins(fileURLToPath(new URL("../../workers/plugins", import.meta.url)));
    const worker = `w-${createId().slice(0, 8)}`;
    const bus = opened(await openBus());
    const running = await createWorker({
      bus,
      worker,
      loaded,
      log: log.child({ worker }),
      maxPayloadBytes: settings.MAX_PAYLOAD_BYTES,
      stallMs: settings.STALL_MS,
    });
    let closed: Promise<void> | undefined;
    const close = () => closed ??= running.close({ drainMs: 50 }).then(() => bus.close());
    await until(() => gateway.catalog.current.workers.some(({ id }) => id === worker));
    return opened({ ...running, close });
  };
  for (let i = 0; i < (options.workers ?? 1); i++) await startWorker();

  return {
    url: gateway.url,
    gateway,
    log: lines,
    startWorker,
    connect() {
      const socket = opened(createWebsocketClient({ url: gateway.url }));
      return { socket, request: createMakeBackendRequest(socket) };
    },
    async stop() {
      for (const part of closings.splice(0)) await part.close();
    },
  };
};

const createBusOpener = (engine: Engine, log: Logger): () => Promise<Bus> => {
  if (engine === "rabbitmq") {
    const url = process.env.AMQP_URL;
    if (url === undefined) throw new Error("This test needs AMQP_URL.");
    return () => createRabbitMqBus({ url, log });
  }
  const broker = createBroker({ log });
  return () => {
    const [near, far] = createMemoryLinks();
    broker.attach(far);
    return Promise.resolve(createEmbeddedBus({ link: near, log }));
  };
};
