import { setTimeout as delay } from "node:timers/promises";
import { expectMixed, mixedLoad } from "../mixedLoad.ts";
import { sendSignal } from "../part.ts";
import type { Scenario } from "../scenario.ts";

/** Stops a worker with SIGSTOP, all its processes, and lets it go on after a while. */
export const workerStop: Scenario = {
  name: "worker SIGSTOP",
  engines: ["rabbitmq", "embedded"],
  short: ["rabbitmq"],
  async run(context) {
    const { random, note } = context;
    const system = await context.start();
    const hosts = await system.steadyHosts();
    const { part, pid } = hosts[Math.floor(random() * hosts.length)]!;
    const pids = system.workers.includes(part) ? await part.pids() : [pid];
    const ms = context.short ? 10_000 : 20_000;
    let stopping: Promise<void> | undefined;
    const stopAndContinue = async () => {
      for (const stopped of pids) sendSignal(stopped, "SIGSTOP");
      await delay(ms);
      for (const stopped of pids) sendSignal(stopped, "SIGCONT");
    };
    await mixedLoad(context, system.connect(), {
      count: 400,
      perSecond: 200,
      timeoutMs: ms + 20_000,
      before: (n) => n === 200 && (stopping = stopAndContinue()),
    });
    await stopping;
    note(`for ${ms / 1_000} s`);
    expectMixed(context, ["WORKER_LOST"]);
  },
};
