import { fileURLToPath } from "node:url";
import type { Bus } from "../common/bus/port.ts";
import { createBroker } from "../common/embedded/createBroker.ts";
import { createEmbeddedBus } from "../common/embedded/createEmbeddedBus.ts";
import { createMemoryLinks } from "../common/embedded/memoryLink.ts";
import type { Logger } from "../common/logger.ts";
import type { Settings } from "../common/settings.ts";
import { createGateway, type Gateway } from "../gateway/createGateway.ts";
import { createBusWorker } from "../workers/createBusWorker.ts";
import { createWorker } from "../workers/createWorker.ts";
import { hostPlugins, type HostPluginsOptions } from "../workers/hostPlugins.ts";
import { loadPlugins, logBroken } from "../workers/loadPlugins.ts";
import { nameWorker } from "../workers/nameWorker.ts";
import { providePluginApi } from "../workers/providePluginApi.ts";

/** Options of `createPlugboard`. */
export type PlugboardOptions = {
  settings: Settings;
  log: Logger;
  /** Runs the plugins in this process instead of children of their own. Only without `AMQP_URL`. */
  inProcess?: boolean;
};

/** A gateway and a worker, running. */
export type Plugboard = {
  gateway: Gateway;
  /** Starts the plugins anew, with their files as they are now. */
  reload(): Promise<void>;
  close(): Promise<void>;
};

type Part = {
  reload?(): Promise<void>;
  close(options?: { drainMs: number }): Promise<void>;
};

/**
 * Runs a gateway here and a worker beside it: over RabbitMQ when `AMQP_URL` is set, else over the
 * embedded engine.
 * @throws Error in one line when it cannot start; nothing is left running then
 */
export const createPlugboard = async (options: PlugboardOptions): Promise<Plugboard> => {
  const { settings, log } = options;
  const { bus, startWorker } = await connect(options);
  const clientDir = fileURLToPath(new URL("../dist/client", import.meta.url));
  const parts: Part[] = [bus];
  const close = async () => {
    // The gateway first: what it has taken is to be answered by the worker.
    for (const part of parts.toReversed()) await part.close({ drainMs: settings.DRAIN_MS });
  };
  try {
    const gateway = await createGateway({ bus, settings, log, clientDir });
    parts.push(gateway);
    const worker = await startWorker();
    parts.splice(1, 0, worker);
    return { gateway, reload: async () => await worker.reload?.(), close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The gateway's bus, and how a worker is started on it. */
const connect = async (
  { settings, log, inProcess }: PlugboardOptions,
): Promise<{ bus: Bus; startWorker(): Promise<Part> }> => {
  const worker = nameWorker();
  if (settings.AMQP_URL !== undefined) {
    // Loaded only where it is used: most starts are without a broker.
    const { createRabbitMqBus } = await import("../common/rabbit-mq/createRabbitMqBus.ts");
    const bus = await createRabbitMqBus({ url: settings.AMQP_URL, log });
    return { bus, startWorker: () => createBusWorker({ bus, worker, settings, log }) };
  }
  const broker = createBroker({ log });
  // What a plugin gets and sends is serialised on its own link; once is enough.
  const [near, far] = createMemoryLinks({ serialise: false });
  broker.attach(far);
  return {
    bus: createEmbeddedBus({ link: near, log }),
    startWorker: () =>
      inProcess
        ? runHere({ settings, log, worker, broker })
        : hostPlugins({ settings, log, worker, broker }),
  };
};

const runHere = async ({ settings, log, worker, broker }: HostPluginsOptions): Promise<Part> => {
  await providePluginApi();
  const loaded = await loadPlugins(settings.PLUGINS_DIR);
  logBroken(loaded, log);
  const [near, far] = createMemoryLinks();
  broker.attach(far);
  const bus = createEmbeddedBus({ link: near, log });
  const limits = { maxPayloadBytes: settings.MAX_PAYLOAD_BYTES, stallMs: settings.STALL_MS };
  const running = await createWorker({ bus, worker, loaded, log, ...limits });
  return {
    async close() {
      await running.close({ drainMs: settings.DRAIN_MS });
      await bus.close();
    },
  };
};
