import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import type { Bus } from "../common/bus/port.ts";
import { createBroker } from "../common/embedded/createBroker.ts";
import { createEmbeddedBus } from "../common/embedded/createEmbeddedBus.ts";
import { createIpcLink } from "../common/embedded/ipcLink.ts";
import type { Link } from "../common/embedded/link.ts";
import { createMemoryLinks } from "../common/embedded/memoryLink.ts";
import type { Logger } from "../common/logger.ts";
import type { Settings } from "../common/settings.ts";
import { createGateway, type Gateway } from "../gateway/createGateway.ts";
import { createWorker } from "../workers/createWorker.ts";
import { findPluginFiles } from "../workers/findPluginFiles.ts";
import { loadPlugins, logBroken } from "../workers/loadPlugins.ts";
import { providePluginApi } from "../workers/providePluginApi.ts";
import { superviseWorker } from "../workers/superviseWorker.ts";

/** Options of `createPlugboard`. */
export type PlugboardOptions = {
  settings: Settings;
  log: Logger;
  /** Runs the plugins in this process instead of a child of their own. Only without `AMQP_URL`. */
  inProcess?: boolean;
};

/** A gateway and a worker, running. */
export type Plugboard = {
  gateway: Gateway;
  /** Starts the worker anew, with the plugin files as they are now. */
  reload(): void;
  close(): Promise<void>;
};

type Part = { reload?(): void; close(): Promise<void> };

/**
 * Runs a gateway here and a worker beside it: over RabbitMQ when `AMQP_URL` is set, else over the
 * embedded engine.
 * @throws Error in one line when it cannot start; nothing is left running then
 */
export const createPlugboard = async (options: PlugboardOptions): Promise<Plugboard> => {
  const { settings, log, inProcess = false } = options;
  // A worker that cannot read its folder would only be started again and again.
  await findPluginFiles(settings.PLUGINS_DIR);
  const { bus, attach } = await createBus(settings, log);
  const clientDir = fileURLToPath(new URL("../dist/client", import.meta.url));
  const parts: Part[] = [bus];
  const close = async () => {
    for (const part of parts.toReversed()) await part.close();
  };
  try {
    const gateway = await createGateway({ bus, settings, log, clientDir });
    parts.push(gateway);
    const worker = inProcess && attach
      ? await runHere(options, attach)
      : runInChild(options, attach);
    parts.push(worker);
    return { gateway, reload: () => worker.reload?.(), close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The gateway's bus; `attach` takes the broker's end of a worker's link, where a broker is here. */
const createBus = async (
  { AMQP_URL: url }: Settings,
  log: Logger,
): Promise<{ bus: Bus; attach?(link: Link): void }> => {
  if (url !== undefined) {
    // Loaded only where it is used: most starts are without a broker.
    const { createRabbitMqBus } = await import("../common/rabbit-mq/createRabbitMqBus.ts");
    return { bus: await createRabbitMqBus({ url, log }) };
  }
  const broker = createBroker({ log });
  // What a worker gets and sends is serialised on its own link; once is enough.
  const [near, far] = createMemoryLinks({ serialise: false });
  broker.attach(far);
  return { bus: createEmbeddedBus({ link: near, log }), attach: broker.attach };
};

const runInChild = (
  { settings, log }: PlugboardOptions,
  attach?: (link: Link) => void,
): Part => {
  const { AMQP_URL, PLUGINS_DIR, LOG_LEVEL, LOG_FORMAT, MAX_PAYLOAD_BYTES } = settings;
  const worker = superviseWorker({
    env: {
      ...process.env,
      AMQP_URL,
      PLUGINS_DIR,
      LOG_LEVEL,
      LOG_FORMAT: LOG_FORMAT ?? (process.stderr.isTTY ? "text" : "json"),
      MAX_PAYLOAD_BYTES: String(MAX_PAYLOAD_BYTES),
    },
    log,
    onFork: (child) => attach?.(createIpcLink(child)),
  });
  return { reload: worker.replace, close: worker.close };
};

const runHere = async (
  { settings, log }: PlugboardOptions,
  attach: (link: Link) => void,
): Promise<Part> => {
  await providePluginApi();
  const loaded = await loadPlugins(settings.PLUGINS_DIR);
  logBroken(loaded, log);
  const [near, far] = createMemoryLinks();
  attach(far);
  const bus = createEmbeddedBus({ link: near, log });
  const name = `${hostname()}-${process.pid}`;
  const maxPayloadBytes = settings.MAX_PAYLOAD_BYTES;
  const worker = await createWorker({ bus, worker: name, loaded, log, maxPayloadBytes });
  return {
    async close() {
      await worker.close();
      await bus.close();
    },
  };
};
