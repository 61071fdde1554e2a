import { createEmbeddedBus } from "../common/embedded/createEmbeddedBus.ts";
import type { Broker } from "../common/embedded/createBroker.ts";
import { createIpcLink } from "../common/embedded/ipcLink.ts";
import { createMemoryLinks } from "../common/embedded/memoryLink.ts";
import type { Logger } from "../common/logger.ts";
import type { BrokenPlugin } from "../common/schemas/catalog.ts";
import { SETTING_NAMES, type Settings } from "../common/settings.ts";
import { ANNOUNCE_MS } from "./announceMs.ts";
import { takenName } from "./checkPlugin.ts";
import { findPluginFiles } from "./findPluginFiles.ts";
import type { HostState } from "./hostState.ts";
import { type SupervisedHost, superviseHost } from "./superviseHost.ts";

/** How much longer than its drain a plugin's process may take to stop, in milliseconds. */
const STOP_MARGIN_MS = 4_000;

/** Options of `hostPlugins`. */
export type HostPluginsOptions = {
  settings: Settings;
  /** The worker's name; each plugin's process announces under it. */
  worker: string;
  broker: Broker;
  log: Logger;
};

/** The plugins of a folder, each in a process of its own. */
export type HostedPlugins = {
  /** Resolves when every file of the first scan is served, or cannot be. */
  readonly settled: Promise<void>;
  /** Reads the folder again, and every file in it. */
  reload(): Promise<void>;
  close(): Promise<void>;
};

type Entry = {
  host: SupervisedHost;
  loaded?: { name: string; types: string[]; serve(): void };
  broken?: BrokenPlugin;
  /** It has been served, or could not be: what comes now is no longer the start. */
  wasSettled?: boolean;
};

/**
 * Runs every plugin file of a folder in a child process of its own: what one does, a loop, a leak,
 * a crash, ends with its process, and the others do not notice. Files that do not load, and those
 * that keep crashing, are announced as broken.
 * @throws Error when the folder cannot be read
 */
export const hostPlugins = async (options: HostPluginsOptions): Promise<HostedPlugins> => {
  const { settings, worker, broker, log } = options;
  const entries = new Map<string, Entry>();
  const settled = Promise.withResolvers<void>();
  const [near, far] = createMemoryLinks();
  broker.attach(far);
  const bus = createEmbeddedBus({ link: near, log });
  const responder = await bus.openResponder({ worker, onControl() {} });

  const announce = (): void => {
    const broken = [...entries.values()].flatMap((entry) => entry.broken ?? []);
    const starting = [...entries.values()].some((entry) => !entry.wasSettled);
    if (!starting) settled.resolve();
    responder.announce({ worker, plugins: [], broken, starting });
  };

  /** Lets plugins begin in the order of their files: the first that claims a name has it. */
  const admit = (): void => {
    const names = new Map<string, string>();
    for (const [file, { host, loaded, broken }] of sorted(entries)) {
      if (loaded && !broken) {
        const other = names.get(loaded.name);
        if (other === undefined) loaded.serve();
        else host.refuse({ file, message: takenName(loaded.name, other) });
        names.set(loaded.name, other ?? file);
      } else if (host.state.at === "starting" && !broken) return;
    }
  };

  const onState = (entry: Entry, state: HostState): void => {
    const { file } = entry.host;
    if (state.at === "benched") {
      const seconds = Math.round(state.delayMs / 1_000);
      const message = `It keeps crashing; it is out of use and tried again in ${seconds} s.`;
      entry.broken = { file, message };
      log.error("A plugin is out of use: it keeps crashing.", { file });
      broker.bench(entry.loaded?.types ?? []);
    } else if (state.at === "serving") entry.broken = undefined;
    if (["serving", "broken", "benched"].includes(state.at)) entry.wasSettled = true;
    if (state.at === "restarting") entry.loaded = undefined;
    announce();
    admit();
  };

  const add = (file: string): void => {
    const entry = {} as Entry;
    entries.set(file, entry);
    entry.host = superviseHost({
      file,
      log,
      env: hostEnv(file, options),
      maxMemoryBytes: settings.PLUGIN_MEMORY_MB * 2 ** 20,
      stopMs: settings.DRAIN_MS + STOP_MARGIN_MS,
      onFork: (child) => broker.attach(createIpcLink(child)),
      onLoaded(loaded, serve) {
        entry.broken = undefined;
        entry.loaded = { ...loaded, serve };
        admit();
      },
      onBroken(broken) {
        const { line, message: reason } = broken;
        log.error("A plugin file did not load.", { file, line, reason });
        entry.broken = broken;
      },
      onState: (state) => queueMicrotask(() => onState(entry, state)),
    });
  };

  for (const file of await findPluginFiles(settings.PLUGINS_DIR)) add(file);
  announce();
  // Who is silent is forgotten, and where nothing is served no plugin's process speaks.
  const timer = setInterval(announce, ANNOUNCE_MS);

  return {
    settled: settled.promise,
    async reload() {
      const files = new Set(await findPluginFiles(settings.PLUGINS_DIR));
      for (const [file, { host }] of [...entries]) {
        if (files.has(file)) continue;
        entries.delete(file);
        await host.close();
      }
      for (const file of files) {
        const entry = entries.get(file);
        if (entry) {
          entry.loaded = entry.broken = undefined;
          entry.host.replace();
        } else add(file);
      }
      announce();
    },
    async close() {
      clearInterval(timer);
      await Promise.all([...entries.values()].map(({ host }) => host.close()));
      await bus.close();
    },
  };
};

const sorted = (entries: Map<string, Entry>): [string, Entry][] =>
  [...entries].sort(([one], [two]) => one < two ? -1 : 1);

/** What the process of a plugin is told (see `pluginHost.ts`): nothing it has no need of. */
const hostEnv = (file: string, { settings, worker }: HostPluginsOptions): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !SETTING_NAMES.includes(name)),
  ),
  PLUGINS_DIR: settings.PLUGINS_DIR,
  LOG_LEVEL: settings.LOG_LEVEL,
  LOG_FORMAT: settings.LOG_FORMAT ?? (process.stderr.isTTY ? "text" : "json"),
  MAX_PAYLOAD_BYTES: String(settings.MAX_PAYLOAD_BYTES),
  STALL_MS: String(settings.STALL_MS),
  DRAIN_MS: String(settings.DRAIN_MS),
  PLUGBOARD_WORKER: worker,
  PLUGBOARD_FILE: file,
});
