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
  /** How many gateways, each on a bus of its own; over RabbitMQ only. Default 1. */
  gateways?: number;
};

/** Gateways and their workers in this process, with real sockets and the real engine. */
export type System = {
  /** Of the first gateway. */
  readonly url: string;
  /** The first one. */
  readonly gateway: Gateway;
  readonly gateways: readonly Gateway[];
  /** Every log line so far, parsed. */
  readonly log: Record<string, unknown>[];
  /** A new connection of its own, to the first gateway unless told. */
  connect(
    url?: string,
    auth?: Record<string, unknown>,
  ): { socket: WebsocketClient; request: MakeBackendRequest };
  startWorker(plugins?: SystemOptions["plugins"]): Promise<Worker>;
  /** Starts one more and waits until it knows the workers. */
  startGateway(settings?: Record<string, string>): Promise<Gateway>;
  stop(): Promise<void>;
};

type Closing = { close(): Promise<void> | void };

/** Starts a system and waits until it would serve a request. */
export const startSystem = async (options: SystemOptions): Promise<System> => {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({ level: "debug", write: (line) => void lines.push(JSON.parse(line)) });
  const readAll = (more: Record<string, string> = {}) =>
    readSettings({ argv: [], env: { PORT: "0", ...options.settings, ...more } }).settings;
  const settings = readAll();
  const openBus = createBusOpener(options.engine, log);
  const closings: Closing[] = [];
  const opened = <T extends Closing>(part: T): T => {
    closings.unshift(part);
    return part;
  };

  const clientDir = fileURLToPath(new URL("../../dist/client", import.meta.url));
  const gateways: Gateway[] = [];
  const workers = new Set<string>();
  const knowsAll = ({ catalog }: Gateway) => () =>
    [...workers].every((worker) => catalog.current.workers.some(({ id }) => id === worker));

  const startGateway: System["startGateway"] = async (more) => {
    const bus = opened(await openBus());
    const started = await createGateway({ bus, settings: readAll(more), log, clientDir });
    let closed: Promise<void> | undefined;
    const close: Gateway["close"] = (how) => closed ??= started.close(how);
    const gateway = opened({ ...started, close });
    gateways.push(gateway);
    await until(knowsAll(gateway));
    return gateway;
  };
  const gateway = await startGateway();
  for (let i = 1; i < (options.gateways ?? 1); i++) await startGateway();

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
    const close = () => {
      workers.delete(worker);
      return closed ??= running.close({ drainMs: 50 }).then(() => bus.close());
    };
    workers.add(worker);
    await Promise.all(gateways.map((one) => until(knowsAll(one))));
    return opened({ ...running, close });
  };
  for (let i = 0; i < (options.workers ?? 1); i++) await startWorker();

  return {
    url: gateway.url,
    gateway,
    gateways,
    log: lines,
    startWorker,
    startGateway,
    connect(url = gateway.url, auth) {
      const socket = opened(createWebsocketClient({ url, auth }));
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
