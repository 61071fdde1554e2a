import { hostname } from "node:os";
import type { Bus } from "../common/bus/port.ts";
import { createEmbeddedBus } from "../common/embedded/createEmbeddedBus.ts";
import { createIpcLink } from "../common/embedded/ipcLink.ts";
import { createId } from "../common/ids.ts";
import type { Logger } from "../common/logger.ts";
import { aborted, runCommand } from "../common/runCommand.ts";
import { createWorker } from "./createWorker.ts";
import { loadPlugins, logBroken } from "./loadPlugins.ts";
import { providePluginApi } from "./providePluginApi.ts";
import { READY } from "./superviseWorker.ts";

const worker = `${hostname()}-${process.pid}-${createId().slice(0, 4)}`;

await runCommand({
  usage: "worker: serves every plugin in a folder, over RabbitMQ (AMQP_URL).",
  fields: { worker },
  async main({ settings, log, stopping }) {
    await providePluginApi();
    const bus = await connect(settings.AMQP_URL, log);
    const loaded = await loadPlugins(settings.PLUGINS_DIR);
    logBroken(loaded, log);
    const maxPayloadBytes = settings.MAX_PAYLOAD_BYTES;
    const running = await createWorker({ bus, worker, loaded, log, maxPayloadBytes });
    log.info("serving", { plugins: loaded.plugins.map(({ plugin }) => plugin.name) });
    process.send?.(READY);
    await aborted(stopping);
    await running.close();
    await bus.close();
    return 0;
  },
});

/** Forked without `AMQP_URL`, the bus is with whoever forked this process. */
async function connect(url: string | undefined, log: Logger): Promise<Bus> {
  if (url !== undefined) {
    // Loaded only where it is used: most workers start without a broker.
    const { createRabbitMqBus } = await import("../common/rabbit-mq/createRabbitMqBus.ts");
    return await createRabbitMqBus({ url, log });
  }
  if (process.connected) return createEmbeddedBus({ link: createIpcLink(process), log });
  throw new Error(
    "A worker of its own needs AMQP_URL (--amqp-url); without RabbitMQ, start runs everything.",
  );
}
