import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { BuildFailure, Plugin } from "esbuild";
import { isMain } from "./isMain.ts";

/** Options of `buildClient`. */
export type BuildOptions = {
  /** The folder of `client/`, `tsconfig.json` and `node_modules/`. Default: this repository. */
  root?: string;
};

/** What `buildClient` did. */
export type BuildResult = {
  /** Nothing had changed since the last build. */
  skipped: boolean;
  /** The names of the files in `dist/client/`. */
  files: string[];
};

/** The state (see `stateOf`) of all that the last build read, and of all it wrote, by path. */
type Stamp = { inputs: Record<string, string>; outputs: Record<string, string> };

const OUT = "dist/client";
const STAMP = ".stamp.json";
const PAGE = "client/ui/index.html";
// What decides about the result without being bundled: versions, settings, this very file.
const SETTINGS = ["package.json", "tsconfig.json", PAGE, fileURLToPath(import.meta.url)];

const ALIAS = {
  // Resolves it from the root, whoever imports it: with two copies hooks and signals break.
  preact: "preact",
  // A browser needs a small part of both; if the packages change, there is no such file or export.
  "socket.io-client": "./node_modules/socket.io-client/build/esm/manager.js",
  "engine.io-client": "./client/engineIo.ts",
};

/**
 * Bundles the client modules (`client.js`), the page (`app.js`, `app.css`, `index.html`; what it
 * imports dynamically, under the name of the source, styles included; what those share with it,
 * `chunk.js`), the page as a part of others in one file (`embed.js`), and the chart that both load
 * when they draw one (`chart.js`) into `dist/client/`, unless nothing they are made of has changed:
 * that is known in milliseconds.
 * @throws Error with a line per mistake (file, line, column, what is wrong); the old files stay.
 */
export const buildClient = async (options: BuildOptions = {}): Promise<BuildResult> => {
  const { root = fileURLToPath(new URL("..", import.meta.url)) } = options;
  const last = await currentStamp(root);
  if (last !== undefined) return { skipped: true, files: namesOf(last) };
  const startedAt = Date.now();
  const { inputs, contents } = await bundle(root);
  contents.set("index.html", await readFile(join(root, PAGE)));
  await replaceFiles(join(root, OUT), contents);
  const outputs = [...contents.keys()].map((name) => `${OUT}/${name}`);
  const stamp: Stamp = {
    // An input saved while the build ran may have been read before: it counts as changed.
    inputs: await statesOf(root, [...inputs, ...SETTINGS], { before: startedAt }),
    outputs: await statesOf(root, outputs),
  };
  await replaceFiles(join(root, OUT), new Map([[STAMP, JSON.stringify(stamp)]]));
  return { skipped: false, files: namesOf(stamp) };
};

const namesOf = (stamp: Stamp): string[] =>
  Object.keys(stamp.outputs).map((path) => basename(path));

/** The last build's stamp, if everything still is as it says. */
const currentStamp = async (root: string): Promise<Stamp | undefined> => {
  try {
    const stamp: Stamp = JSON.parse(await readFile(join(root, OUT, STAMP), "utf8"));
    const then = { ...stamp.inputs, ...stamp.outputs };
    const now = await statesOf(root, Object.keys(then));
    return Object.keys(then).every((path) => then[path] === now[path]) ? stamp : undefined;
  } catch {
    return undefined; // Never built, a file is gone, or the stamp is another version's: build.
  }
};

const statesOf = async (
  root: string,
  paths: string[],
  { before = Infinity }: { before?: number } = {},
): Promise<Stamp["inputs"]> => {
  const stateOf = async (path: string): Promise<[string, string]> => {
    const { mtimeMs, size } = await stat(resolve(root, path));
    // Whole milliseconds: the runtimes differ in what they give beyond.
    const state = `${Math.trunc(mtimeMs)}:${size}`;
    return [path, mtimeMs < before ? state : "changed while it was read"];
  };
  return Object.fromEntries(await Promise.all(paths.map(stateOf)));
};

const bundle = async (root: string) => {
  const esbuild = await import("esbuild");
  try {
    const options = {
      absWorkingDir: root,
      outdir: OUT,
      write: false,
      metafile: true,
      bundle: true,
      format: "esm",
      target: "es2022",
      minify: true,
      sourcemap: "linked",
      jsx: "automatic",
      jsxImportSource: "preact",
      alias: ALIAS,
      tsconfig: join(root, "tsconfig.json"),
      logLevel: "silent",
    } as const;
    const alone = await esbuild.build({
      ...options,
      plugins: [valibotObjects],
      entryPoints: { client: "client/client.ts", chart: "client/ui/chart.ts" },
    });
    const styled = await esbuild.build({
      ...options,
      sourcemap: false,
      entryPoints: ["client/ui/later.css"],
    });
    const laterStyles = styled.outputFiles.map(({ text }) => text).join("");
    const page = await esbuild.build({
      ...options,
      plugins: [chartApart, valibotObjects],
      entryPoints: { app: "client/ui/main.tsx" },
      splitting: true,
      // By these names the gateway serves them. It is an error where two come to have the same.
      chunkNames: "[name]",
      define: { PLUGBOARD_LATER_STYLES: JSON.stringify(laterStyles) },
    });
    const styles = page.outputFiles.find(({ path }) => path.endsWith(".css"))?.text ?? "";
    const embed = await esbuild.build({
      ...options,
      plugins: [chartApart, valibotObjects],
      entryPoints: { embed: "client/ui/embed.ts" },
      define: {
        PLUGBOARD_STYLES: JSON.stringify(embedded(styles + laterStyles)),
        PLUGBOARD_LATER_STYLES: '""',
      },
    });
    const built = [alone, page, embed];
    const inputs = [styled, ...built].flatMap(({ metafile }) => Object.keys(metafile.inputs));
    return {
      // In parentheses stands what a package leaves out for browsers: not a file.
      inputs: [...new Set(inputs)].filter((path) => !path.startsWith("(")),
      contents: new Map<string, Uint8Array | string>(
        built.flatMap(({ outputFiles }) => outputFiles)
          .map((file) => [basename(file.path), file.contents]),
      ),
    };
  } catch (error) {
    throw new Error(`The client does not build.\n${mistakes(error)}`, { cause: error });
  } finally {
    await esbuild.stop();
  }
};

/**
 * The chart shares nothing with what imports it, and half of a page's size: it stays a file of its
 * own beside each. Splitting would make a second chunk for it, with nothing in it.
 */
const chartApart: Plugin = {
  name: "chart-apart",
  setup: (build) =>
    build.onResolve({ filter: /\/chart\.ts$/ }, () => ({ path: "./chart.js", external: true })),
};

/** A browser parses few messages: Valibot's own does for it, which is in its bundles anyway. */
const valibotObjects: Plugin = {
  name: "valibot-objects",
  setup: (build) =>
    build.onLoad(
      { filter: /\/schemas\/objectOf\.ts$/ },
      () => ({ contents: 'export { object as objectOf } from "valibot";' }),
    ),
};

/** Styles as they go into a page of others', where `rem` is what that page makes of it. */
const embedded = (styles: string): string =>
  styles.replace(/\/\*# sourceMappingURL.*/, "")
    .replace(/([\d.]+)rem\b/g, (_, size) => `${Number(size) * 16}px`);

const mistakes = (error: unknown): string => {
  const { errors = [] } = error as Partial<BuildFailure>;
  const lines = errors.map(({ text, location }) =>
    location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`
  );
  return lines.length === 0 ? String(error) : lines.join("\n");
};

/** Writes them elsewhere and renames: nobody ever sees half a file, or none. */
const replaceFiles = async (
  folder: string,
  contents: ReadonlyMap<string, Uint8Array | string>,
): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const fresh = await mkdtemp(join(dirname(folder), ".new-"));
  try {
    for (const [name, content] of contents) await writeFile(join(fresh, name), content);
    for (const name of contents.keys()) await rename(join(fresh, name), join(folder, name));
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
};

if (isMain(import.meta)) {
  try {
    const startedAt = performance.now();
    const { skipped, files } = await buildClient();
    const took = `${Math.round(performance.now() - startedAt)} ms`;
    console.log(`${OUT}: ${skipped ? "nothing changed" : files.join(", ")} (${took}).`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
