import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import * as v from "valibot";
import { createEmbeddedBus } from "../common/embedded/createEmbeddedBus.ts";
import { createIpcLink } from "../common/embedded/ipcLink.ts";
import { aborted, runCommand } from "../common/runCommand.ts";
import { createWorker } from "./createWorker.ts";
import { describeFailure } from "./describeFailure.ts";
import { type HostMessage, WorkerMessage } from "./hostMessages.ts";
import { importPlugin, setUpPlugin } from "./loadPlugins.ts";
import { providePluginApi } from "./providePluginApi.ts";

const { PLUGBOARD_WORKER: worker = "", PLUGBOARD_FILE: file = "" } = process.env;

/** The process of one plugin; its worker forks it and is at the other end of its channel. */
await runCommand({
  usage: "pluginHost: one plugin in a process of its own; its worker starts it.",
  fields: { worker },
  async main({ settings, log, stopping }) {
    const link = createIpcLink(process);
    const allowed = listen();
    const path = resolve(settings.PLUGINS_DIR, file);
    try {
      await providePluginApi();
      const plugin = await importPlugin(path);
      const types = Object.keys(plugin.handlers).map((key) => `${plugin.name}.${key}`);
      await say({ kind: "loaded", name: plugin.name, types });
      await Promise.race([allowed, aborted(stopping)]);
      if (stopping.aborted) return 0;
      await setUpPlugin(plugin);
      const bus = createEmbeddedBus({ link, log });
      const loaded = { plugins: [{ file, plugin }], broken: [] };
      const limits = { maxPayloadBytes: settings.MAX_PAYLOAD_BYTES, stallMs: settings.STALL_MS };
      const running = await createWorker({ bus, worker, loaded, log, ...limits });
      // What the link was told leaves at the end of this tick, and must be there first.
      await setImmediate();
      await say({ kind: "serving" });
      await aborted(stopping);
      await running.close({ drainMs: settings.DRAIN_MS });
      await bus.close();
    } catch (error) {
      await say({ kind: "broken", broken: describeFailure(error, { file, path }) });
    }
    return 0;
  },
});

/** Answers pings; resolves when the plugin may begin. */
function listen(): Promise<void> {
  return new Promise((begin) => {
    process.on("message", (message) => {
      const parsed = v.safeParse(WorkerMessage, message);
      if (!parsed.success) return;
      if (parsed.output.kind === "serve") begin();
      else void say({ kind: "pong", rss: process.memoryUsage.rss() });
    });
  });
}

/** Says something to the worker; resolves when it is on its way, or nobody is there to hear it. */
function say(message: HostMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, {}, () => resolve());
    else resolve();
  });
}
