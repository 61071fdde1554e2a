import type { Bus } from "../common/bus/port.ts";
import { createBroker } from "../common/embedded/createBroker.ts";
import { createMemoryLinks } from "../common/embedded/memoryLink.ts";
import type { Logger } from "../common/logger.ts";
import type { Settings } from "../common/settings.ts";
import { createUplink } from "./createUplink.ts";
import { type HostedPlugins, hostPlugins } from "./hostPlugins.ts";

/** Options of `createBusWorker`. */
export type BusWorkerOptions = {
  /** The bus that this worker shares with others; it stays open. */
  bus: Bus;
  /** The worker's name; unique on the bus. */
  worker: string;
  settings: Settings;
  log: Logger;
};

/**
 * Serves the plugins of a folder over a bus: each in a process of its own, on a broker of this
 * worker's, which an uplink joins to the bus.
 */
export const createBusWorker = async (options: BusWorkerOptions): Promise<HostedPlugins> => {
  const { bus, worker, settings, log } = options;
  const broker = createBroker({ log });
  const [near, far] = createMemoryLinks({ serialise: false });
  broker.attach(far, { uplink: true });
  const uplink = await createUplink({ bus, link: near, worker, log });
  const plugins = await hostPlugins({ settings, worker, broker, log });
  return {
    ...plugins,
    async close() {
      await uplink.pause();
      await plugins.close();
      await uplink.close();
    },
  };
};
