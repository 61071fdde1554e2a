import { sendSignal } from "./part.ts";
import type { FaultContext } from "./scenario.ts";
import type { FaultSystem } from "./system.ts";

/**
 * Kills one worker with all its processes, chosen at random; over the embedded engine the process
 * of one plugin, as the rest is the gateway. Gives the id of the process that ran `steady`.
 */
export const killHandlers = async (
  { random }: Pick<FaultContext, "random">,
  system: FaultSystem,
): Promise<number> => {
  const hosts = await system.steadyHosts();
  const { part, pid } = hosts[Math.floor(random() * hosts.length)]!;
  if (system.workers.includes(part)) await part.kill();
  else sendSignal(pid, "SIGKILL");
  return pid;
};
