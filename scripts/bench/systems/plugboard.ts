import { fileURLToPath } from "node:url";
import { readyz } from "../../../tests/harness/startProcess.ts";
import { until } from "../../../tests/harness/until.ts";
import { startPart } from "../part.ts";
import { orStop, type System } from "./system.ts";

/** Options of `startPlugboard`. */
export type PlugboardOptions = {
  /** Without it the embedded engine is used: one process, and one for the plugin. */
  amqpUrl?: string;
  workers?: number;
  /** The folder in `scripts/bench/plugins`, and what the plugin in it is to be called. */
  folder?: "basic" | "types";
  plugin?: string;
  /** Variables that the plugin reads. */
  env?: Record<string, string>;
};

/** Nothing that is checked or promised is switched off; only limits are raised. */
const RAISED = { MAX_PENDING: "100000", MAX_PENDING_TOTAL: "100000" };

/** Starts Plugboard as its users do, and waits until it serves. */
export const startPlugboard = async (options: PlugboardOptions): Promise<System> => {
  const { amqpUrl, workers = 1, folder = "basic", plugin = "bench" } = options;
  const env = {
    ...RAISED,
    ...options.env,
    PORT: "0",
    LOG_LEVEL: "info",
    LOG_FORMAT: "json",
    AMQP_URL: amqpUrl,
    BENCH_PLUGIN: plugin,
    PLUGINS_DIR: fileURLToPath(new URL(`../plugins/${folder}`, import.meta.url)),
  };
  const gateway = amqpUrl === undefined
    ? startPart("plugboard", { script: "scripts/start.ts", env })
    : startPart("gateway", { script: "gateway/main.ts", env });
  const started = Array.from({ length: amqpUrl === undefined ? 0 : workers }, (_, at) => {
    const name = workers === 1 ? "worker" : `worker ${at + 1}`;
    return startPart(name, { script: "workers/main.ts", env });
  });
  const parts = [gateway, ...started];
  return await orStop(parts, async () => {
    await Promise.all(started.map((worker) => worker.said(/"serving"/)));
    const url = await gateway.said(/^(?:Plugboard: )?(http\S+)$/m);
    const isReady = async () => await readyz(url).catch(() => 0) === 200;
    await Promise.race([gateway.crashed, until(isReady, { what: "Plugboard to be ready" })]);
    return { parts, url, to: plugin, hasBroker: amqpUrl !== undefined };
  });
};
