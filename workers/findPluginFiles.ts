import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative } from "node:path";

/** Whether a file name (without its folder) is that of a plugin. */
export const isPluginFile = (name: string): boolean =>
  /\.(ts|js|mjs)$/.test(name) && !/^[._]/.test(name) && !/\.test\.[a-z]+$/.test(name) &&
  !name.endsWith(".d.ts");

/**
 * Lists the plugin files under a folder, in the order of their names. Folders whose name begins
 * with `_` or `.`, and `node_modules`, are not entered.
 * @returns paths relative to the folder
 * @throws Error when the folder cannot be read.
 */
export const findPluginFiles = async (folder: string): Promise<string[]> => {
  const found: string[] = [];
  const seen = new Set<string>();
  const visit = async (directory: string): Promise<void> => {
    // A link may lead to a folder that was seen already, or to one above.
    const real = await realpath(directory);
    if (seen.has(real)) return;
    seen.add(real);
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      const is = entry.isSymbolicLink() ? await stat(path).catch(() => entry) : entry;
      if (is.isDirectory() && !/^([._]|node_modules$)/.test(entry.name)) await visit(path);
      if (is.isFile() && isPluginFile(entry.name)) found.push(relative(folder, path));
    }
  };
  await visit(folder).catch((cause) => {
    const message =
      `The plugins folder ${folder} cannot be read (setting PLUGINS_DIR): ${cause.code}.`;
    throw new Error(message, { cause });
  });
  return found.sort();
};
