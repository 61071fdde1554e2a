import { readdir } from "node:fs/promises";
import { posix } from "node:path";

/** What others wrote or a tool made; folders that begin with a dot are left out, too. */
const NOT_OURS = ["node_modules", "dist"];

/** Our files under `root` whose names match, as sorted paths relative to it, with `/`. */
export const sourceFiles = async (root: string, pattern: RegExp): Promise<string[]> => {
  const inFolder = async (folder: string): Promise<string[]> => {
    const entries = await readdir(posix.join(root, folder), { withFileTypes: true });
    const found = await Promise.all(entries.map((entry) => {
      const path = posix.join(folder, entry.name);
      if (entry.isFile()) return pattern.test(entry.name) ? [path] : [];
      const skip = !entry.isDirectory() || entry.name.startsWith(".") ||
        NOT_OURS.includes(entry.name);
      return skip ? [] : inFolder(path);
    }));
    return found.flat();
  };
  return (await inFolder("")).sort();
};
