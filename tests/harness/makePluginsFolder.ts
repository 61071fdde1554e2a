import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A plugins folder of a test's own; whoever made it calls `remove`. */
export type PluginsFolder = { path: string; remove(): Promise<void> };

/** Makes one outside the repository with these plugins: file names without `.ts`, and texts. */
export const makePluginsFolder = async (files: Record<string, string>): Promise<PluginsFolder> => {
  const path = await mkdtemp(join(tmpdir(), "plugboard-plugins-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, `${name}.ts`), text);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};
