import { startPart } from "../part.ts";
import { orStop, type System } from "./system.ts";

const FOLDER = "scripts/bench/reference";

/**
 * A reference over the broker: what its scripts do, whether a gateway is before the worker, and
 * whether it is `careful` (of sums alone): loses nothing with a broker or a worker, and runs what
 * it is asked in a process of its own.
 */
export type Chain = { does: "sum" | "chunks" | "bytes"; direct?: boolean; careful?: boolean };

/** Starts a bare worker and, unless it is asked directly, the bare gateway before it. */
export const startChain = async (
  amqpUrl: string,
  { does, direct = false, careful = false }: Chain,
): Promise<System> => {
  // Of its own, so that several references may be there at once.
  const queue = `bench.${does}${direct ? ".direct" : ""}${careful ? ".careful" : ""}`;
  const env = { AMQP_URL: amqpUrl, QUEUE: queue, KEEPS: careful ? "1" : undefined };
  const script = `${FOLDER}/${careful ? "careful" : does}Worker.ts`;
  const worker = startPart("worker", { script, env });
  const parts = [worker];
  return await orStop(parts, async () => {
    await worker.said(/serving/);
    if (direct) return { parts, url: amqpUrl, to: queue, hasBroker: true };
    const gateway = startPart("gateway", { script: `${FOLDER}/${does}Gateway.ts`, env });
    parts.unshift(gateway);
    return { parts, url: await gateway.said(/^(http\S+)$/m), to: queue, hasBroker: true };
  });
};

/** Starts Socket.IO alone; `careful`: with all that promises ask for, and a process for the plugin. */
export const startEcho = async ({ careful = false } = {}): Promise<System> => {
  const echo = startPart("echo", { script: `${FOLDER}/${careful ? "carefulEcho" : "echo"}.ts` });
  const parts = [echo];
  return await orStop(parts, async () => {
    return { parts, url: await echo.said(/^(http\S+)$/m), to: "", hasBroker: false };
  });
};
