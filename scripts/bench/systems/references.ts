import { startPart } from "../part.ts";
import type { System } from "./plugboard.ts";

const FOLDER = "scripts/bench/reference";

/** Which scripts a reference over the broker is made of. */
export type Chain = { gateway?: string; worker: string };

/** Starts a bare worker and, where there is one, the bare gateway before it. */
export const startChain = async (
  amqpUrl: string,
  { gateway, worker }: Chain,
): Promise<System> => {
  // Of its own, so that several references may be there at once.
  const queue = `bench.${gateway ?? "direct"}`;
  const env = { AMQP_URL: amqpUrl, QUEUE: queue };
  const working = startPart("worker", { script: `${FOLDER}/${worker}.ts`, env });
  await working.said(/serving/);
  if (gateway === undefined) return { parts: [working], url: amqpUrl, plugin: queue };
  const listening = startPart("gateway", { script: `${FOLDER}/${gateway}.ts`, env });
  const url = await listening.said(/^(http\S+)$/m);
  return { parts: [listening, working], url, plugin: queue };
};

/** Starts Socket.IO alone. */
export const startEcho = async (): Promise<System> => {
  const echo = startPart("echo", { script: `${FOLDER}/echo.ts` });
  return { parts: [echo], url: await echo.said(/^(http\S+)$/m), plugin: "" };
};
