import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Logger } from "../common/logger.ts";
import type { AnyHandler, Plugin } from "../common/plugin/types.ts";
import type { BrokenPlugin } from "../common/schemas/catalog.ts";
import { settlesWithin } from "../common/settlesWithin.ts";
import { checkPlugin } from "./checkPlugin.ts";
import { describeFailure } from "./describeFailure.ts";
import { findPluginFiles } from "./findPluginFiles.ts";

/** A plugin that loaded, and from where. */
export type LoadedPlugin = { file: string; plugin: Plugin<string, Record<string, AnyHandler>> };

/** What a scan of the plugins folder gave. */
export type Loaded = { plugins: LoadedPlugin[]; broken: BrokenPlugin[] };

/** Longer than this, a plugin's import or `setup` counts as failed. */
const LOAD_MS = 30_000;
const LATE = `It did not load within ${LOAD_MS / 1_000} s: a top-level await or setup()?`;

/**
 * Imports every plugin file under a folder and runs its `setup`. One that fails is reported and the
 * rest load; so is the second file that claims a name.
 */
export const loadPlugins = async (folder: string): Promise<Loaded> => {
  const root = resolve(folder);
  const loaded: Loaded = { plugins: [], broken: [] };
  for (const file of await findPluginFiles(root)) {
    const path = join(root, file);
    try {
      const loading = loadOne(path, loaded.plugins);
      if (!await settlesWithin(loading, LOAD_MS)) throw new Error(LATE);
      loaded.plugins.push({ file, plugin: await loading });
    } catch (error) {
      loaded.broken.push(describeFailure(error, { file, path }));
    }
  }
  return loaded;
};

const loadOne = async (path: string, others: LoadedPlugin[]): Promise<LoadedPlugin["plugin"]> => {
  const plugin = checkPlugin((await import(pathToFileURL(path).href)).default);
  const other = others.find((loaded) => loaded.plugin.name === plugin.name);
  if (other) {
    throw new Error(`The name "${plugin.name}" is taken by ${other.file}; rename one of the two.`);
  }
  await plugin.setup?.();
  return plugin;
};

/** Tells the log of every file that did not load. */
export const logBroken = ({ broken }: Loaded, log: Logger): void => {
  for (const { file, line, message: reason } of broken) {
    log.error("A plugin file did not load.", { file, line, reason });
  }
};
