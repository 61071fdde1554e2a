import { watch } from "node:fs";
import { resolve } from "node:path";
import type { Logger } from "../common/logger.ts";
import { aborted, runCommand } from "../common/runCommand.ts";
import type { Catalog } from "../common/schemas/catalog.ts";
import { buildClient } from "./build.ts";
import { createPlugboard } from "./createPlugboard.ts";

/** Prints a line for every plugin, and again when one changes. */
const createTeller = (folder: string): (catalog: Catalog) => void => {
  let told = new Set<string>();
  return ({ workers, plugins, broken }) => {
    if (workers.every(({ starting }) => starting)) return;
    const lines = [
      ...plugins.map(({ name, version, handlers }) =>
        `  ${[name, version].filter(Boolean).join(" ")}: ${
          handlers.map(({ type }) => type).join(", ")
        }`
      ),
      ...broken.map(({ file, line, message }) =>
        `  ${file}${line ? `:${line}` : ""} did not load: ${message}`
      ),
    ];
    if (lines.length === 0) {
      lines.push(`  No plugin in ${folder} yet: make one with "task new hello".`);
    }
    for (const line of lines) if (!told.has(line)) console.log(line);
    told = new Set(lines);
  };
};

/** Saving a file often takes several writes; they count as one change. */
const SETTLE_MS = 100;

const watchFolder = (
  folder: string,
  { reload, log, stopping }: { reload(): Promise<void>; log: Logger; stopping: AbortSignal },
): void => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watcher = watch(folder, { recursive: true, signal: stopping }, (_event, file) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      log.info("A plugin file changed; the plugins start anew.", { file });
      reload().catch((error) => log.error("The plugins cannot be started anew.", { error }));
    }, SETTLE_MS);
  });
  watcher.on("error", (error) => {
    // Under Bun the end of watching is an error too.
    if (!stopping.aborted) log.error("The plugins folder is no longer watched.", { error });
  });
};

await runCommand({
  usage: "start: the gateway and a worker, with everything they need.",
  switches: {
    watch: "starts the plugins anew when a file of theirs changes",
    "in-process": "runs the plugins in this very process, for the smallest devices",
  },
  async main({ settings, switched, log, stopping }) {
    if (switched.has("watch") && switched.has("in-process")) {
      throw new Error("--watch needs a child process to start anew: leave out --in-process.");
    }
    await buildClient();
    const inProcess = switched.has("in-process");
    const { gateway, reload, close } = await createPlugboard({ settings, log, inProcess });
    console.log(`Plugboard: ${gateway.url}`);
    const tell = createTeller(settings.PLUGINS_DIR);
    tell(gateway.catalog.current);
    const untell = gateway.catalog.subscribe(tell);
    if (switched.has("watch")) {
      watchFolder(resolve(settings.PLUGINS_DIR), { reload, log, stopping });
    }
    await aborted(stopping);
    untell();
    await close();
    return 0;
  },
});
