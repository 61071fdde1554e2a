import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Logger } from "../common/logger.ts";
import { settlesWithin } from "../common/settlesWithin.ts";

/** What a worker says to its parent when it serves. */
export const READY = "ready";

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;
/** A worker that ran this long is not crashing in a loop. */
const STEADY_MS = 10_000;
/** How long a worker may take to stop before it is killed. */
const STOP_MS = 6_000;

/** Options of `superviseWorker`. */
export type SuperviseOptions = {
  /** The worker's environment. */
  env: Record<string, string | undefined>;
  log: Logger;
  /** Called with every process, before it has said anything. */
  onFork?(child: ChildProcess): void;
};

/** A worker process that is started again when it ends. */
export type SupervisedWorker = {
  /** Starts a fresh process; the old one stops when the new one serves. */
  replace(): void;
  /** Ends it for good; resolves when the process is gone. */
  close(): Promise<void>;
};

/** Runs a worker in a child process of its own. */
export const superviseWorker = (options: SuperviseOptions): SupervisedWorker => {
  const { env, log, onFork } = options;
  const children = new Set<ChildProcess>();
  let current: ChildProcess | undefined;
  let delay = FIRST_DELAY_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const start = (): void => {
    const child = fork(fileURLToPath(new URL("./main.ts", import.meta.url)), [], {
      // Bytes go as bytes, not as base64.
      serialization: "advanced",
      env: env as NodeJS.ProcessEnv,
    });
    const startedAt = performance.now();
    const old = current;
    current = child;
    children.add(child);
    onFork?.(child);
    child.on("message", (message) => {
      if (message === READY && old && children.has(old)) void stop(old);
    });
    child.on("error", (error) => log.error("A worker could not be started.", { error }));
    child.on("exit", (code, signal) => {
      children.delete(child);
      if (closed || child !== current) return;
      if (performance.now() - startedAt > STEADY_MS) delay = FIRST_DELAY_MS;
      log.error("A worker ended; it is started again.", { pid: child.pid, code, signal, delay });
      timer = setTimeout(start, delay);
      delay = Math.min(delay * 2, MAX_DELAY_MS);
    });
  };

  start();
  return {
    replace: start,
    async close() {
      closed = true;
      clearTimeout(timer);
      await Promise.all([...children].map(stop));
    },
  };
};

/** Asks a process to stop, and kills it when it does not. */
const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  if (!await settlesWithin(gone, STOP_MS)) child.kill("SIGKILL");
  await gone;
};
