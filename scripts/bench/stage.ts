import { provideRabbitMqNode } from "../provision/rabbitmq.ts";
import type { RabbitMqNode } from "../provision/rabbitMqNode.ts";
import { type Part, startPart } from "./part.ts";
import { usageOf } from "./processTable.ts";
import { type PlugboardOptions, startPlugboard } from "./systems/plugboard.ts";
import { type Chain, startChain, startEcho } from "./systems/references.ts";
import type { System } from "./systems/system.ts";

/** Everything a bench has running. What was started once is given again until it is cleared. */
export type Stage = {
  /** Plugboard over RabbitMQ, unless `engine` says otherwise. */
  plugboard(options?: PlugboardOptions & { engine?: "embedded" }): Promise<System>;
  chain(chain: Chain): Promise<System>;
  echo(options?: { careful?: boolean }): Promise<System>;
  /** A new load generator; it ends when the scenario does. */
  startLoad(): Part;
  /** What the broker uses, where there is one. */
  brokerUsage(): Promise<{ cpuSeconds: number; peakBytes: number } | undefined>;
  /** Ends the load generators, and unless told otherwise the systems; not the broker. */
  clear(options?: { systems?: boolean }): Promise<void>;
  /** Ends everything. */
  close(): Promise<void>;
};

/** Makes an empty stage. */
export const createStage = (): Stage => {
  const systems = new Map<string, Promise<System>>();
  const loads = new Set<Part>();
  let node: Promise<RabbitMqNode> | undefined;

  const amqpUrl = async (): Promise<string> => (await (node ??= provideRabbitMqNode())).url;
  const once = (key: string, start: () => Promise<System>): Promise<System> => {
    const system = systems.get(key) ?? start();
    systems.set(key, system);
    return system;
  };

  const clear: Stage["clear"] = async ({ systems: all = true } = {}) => {
    const parts = [...loads];
    loads.clear();
    if (all) {
      const settled = await Promise.allSettled(systems.values());
      parts.push(...settled.flatMap((one) => one.status === "fulfilled" ? one.value.parts : []));
      systems.clear();
    }
    await Promise.all(parts.map((part) => part.stop()));
  };

  return {
    plugboard: ({ engine, ...options } = {}) =>
      once(`plugboard ${engine} ${JSON.stringify(options)}`, async () => {
        const url = engine === "embedded" ? undefined : await amqpUrl();
        return startPlugboard({ ...options, amqpUrl: url });
      }),
    chain: (chain) => once(JSON.stringify(chain), async () => startChain(await amqpUrl(), chain)),
    echo: (options) => once(JSON.stringify(["echo", options]), () => startEcho(options)),
    startLoad() {
      const load = startPart("load", { script: "scripts/bench/load/main.ts" });
      loads.add(load);
      return load;
    },
    async brokerUsage() {
      if (node === undefined) return undefined;
      const all = await usageOf(`RABBITMQ_NODE_PORT=${(await node).port}`);
      return {
        cpuSeconds: all.reduce((sum, one) => sum + one.cpuSeconds, 0),
        peakBytes: Math.max(0, ...all.map((one) => one.peakBytes)),
      };
    },
    clear,
    async close() {
      await clear();
      await (await node)?.stop();
    },
  };
};
