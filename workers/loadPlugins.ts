import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Logger } from "../common/logger.ts";
import type { AnyHandler, Plugin } from "../common/plugin/types.ts";
import type { BrokenPlugin } from "../common/schemas/catalog.ts";
import { settlesWithin } from "../common/settlesWithin.ts";
import { checkPlugin, takenName } from "./checkPlugin.ts";
import { describeFailure } from "./describeFailure.ts";
import { findPluginFiles } from "./findPluginFiles.ts";

/** A plugin as a worker runs it. */
export type RunnablePlugin = Plugin<string, Record<string, AnyHandler>>;

/** A plugin that loaded, and from where. */
export type LoadedPlugin = { file: string; plugin: RunnablePlugin };

/** What a scan of the plugins folder gave. */
export type Loaded = { plugins: LoadedPlugin[]; broken: BrokenPlugin[] };

/** Longer than this, in milliseconds, a plugin's import or `setup` counts as failed. */
const LOAD_MS = 25_000;

/**
 * Imports every plugin file under a folder into this process, and runs its `setup`. One that fails
 * is reported and the rest load; so is the second file that claims a name.
 */
export const loadPlugins = async (folder: string): Promise<Loaded> => {
  const root = resolve(folder);
  const loaded: Loaded = { plugins: [], broken: [] };
  for (const file of await findPluginFiles(root)) {
    const path = join(root, file);
    try {
      const plugin = await importPlugin(path);
      const other = loaded.plugins.find((one) => one.plugin.name === plugin.name);
      if (other) throw new Error(takenName(plugin.name, other.file));
      await setUpPlugin(plugin);
      loaded.plugins.push({ file, plugin });
    } catch (error) {
      loaded.broken.push(describeFailure(error, { file, path }));
    }
  }
  return loaded;
};

/**
 * Imports one plugin file.
 * @throws Error that says what is wrong with it
 */
export const importPlugin = async (path: string): Promise<RunnablePlugin> => {
  const loading = import(pathToFileURL(path).href);
  return checkPlugin((await inTime(loading, "a top-level await")).default);
};

/** Runs a plugin's `setup`, where it has one. */
export const setUpPlugin = async (plugin: RunnablePlugin): Promise<void> => {
  await inTime(Promise.resolve(plugin.setup?.()), "setup()");
};

const inTime = async <T>(work: Promise<T>, what: string): Promise<T> => {
  if (await settlesWithin(work, LOAD_MS)) return await work;
  throw new Error(`It did not load within ${LOAD_MS / 1_000} s: ${what} does not end.`);
};

/** Tells the log of every file that did not load. */
export const logBroken = ({ broken }: Loaded, log: Logger): void => {
  for (const { file, line, message: reason } of broken) {
    log.error("A plugin file did not load.", { file, line, reason });
  }
};
