import { readFile } from "node:fs/promises";
import process from "node:process";
import { createId } from "../../common/ids.ts";
import { MARK, markedProcesses } from "../harness/markedProcesses.ts";
import { type Ending, spawnScript } from "../harness/spawnScript.ts";
import { until } from "../harness/until.ts";

/** A gateway, a worker, or both in one, in a process of its own. */
export type Part = {
  readonly name: string;
  /** Where its gateway is, when it has one; empty until it listens. */
  readonly url: string;
  /** What it has logged. */
  log(): string;
  /** Whether its first process lives. */
  readonly isAlive: boolean;
  /** Whether `kill` or `stop` was called. */
  readonly isMeantToEnd: boolean;
  /** All processes of it, or those with this `NAME=value` in their environment. */
  pids(variable?: string): Promise<number[]>;
  /** Ends all its processes at once with SIGKILL. */
  kill(): Promise<void>;
  /** Ends it with SIGTERM, as an operator would. */
  stop(): Promise<Ending>;
};

/** Options of `startPart`. */
export type PartOptions = {
  script: string;
  env: Record<string, string | undefined>;
  /** A script that runs before it, in the same process. */
  preload?: string;
};

/** Starts a script of this repository as a part. Whoever starts one must end it. */
export const startPart = (
  name: string,
  { script, env, preload }: PartOptions,
): Part => {
  const mark = createId();
  const running = spawnScript(script, { env: { ...env, [MARK]: mark }, preload });
  const child = running.process;
  const pids = async (variable?: string): Promise<number[]> => {
    const all = await markedProcesses(mark);
    if (variable === undefined) return all;
    const has = await Promise.all(all.map((pid) => hasVariable(pid, variable)));
    return all.filter((_, at) => has[at]);
  };
  let isMeantToEnd = false;
  return {
    name,
    get url() {
      return /^(?:Plugboard: )?(http\S+)$/m.exec(running.stdout())?.[1] ?? "";
    },
    log: () => running.stdout() + running.stderr(),
    get isAlive() {
      return child.exitCode === null && child.signalCode === null;
    },
    get isMeantToEnd() {
      return isMeantToEnd;
    },
    pids,
    async kill() {
      isMeantToEnd = true;
      for (const pid of await pids()) sendSignal(pid, "SIGKILL");
      await running.ended;
      // What a dying process had just started.
      await until(async () => {
        const left = await pids();
        for (const pid of left) sendSignal(pid, "SIGKILL");
        return left.length === 0;
      });
    },
    stop() {
      isMeantToEnd = true;
      return running.stop();
    },
  };
};

const hasVariable = async (pid: number, variable: string): Promise<boolean> => {
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  return environment.split("\0").includes(variable);
};

/** Sends a signal to a process that may have ended meanwhile. */
export const sendSignal = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
};

/** The memory a process uses now, in MiB; 0 when it has ended. Linux only. */
export const memoryOf = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
};
