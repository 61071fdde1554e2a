import type { ChildProcess } from "node:child_process";
import process from "node:process";

/**
 * Sends a signal to a child process that has not been seen to end. Not `child.kill`: Deno's sends
 * one signal only, so that a child that ignores SIGTERM would outlive every SIGKILL.
 */
export const signalChild = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(child.pid, signal);
  } catch (error) {
    // It has ended, and `exit` is about to tell.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
};
