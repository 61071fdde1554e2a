import { spawn } from "node:child_process";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { signalChild } from "../common/signalChild.ts";

/** Options of `runProcess`. */
export type RunOptions = {
  cwd?: string;
  /** Beside this process's own variables; `undefined` removes one. */
  env?: Record<string, string | undefined>;
  /** Ends it. */
  signal?: AbortSignal;
  /** Milliseconds until it is ended. Default 5 minutes. */
  timeoutMs?: number;
};

/** How a process ended; `code` is 0 only when it ended well, by itself. */
export type RunResult = { code: number; output: string };

const GRACE_MS = 5_000;

/**
 * Runs a program to its end, without standard input, and gives what it wrote on both outputs.
 * When `signal` or `timeoutMs` ends it, with SIGTERM and later SIGKILL, `output` says so.
 */
export const runProcess = async (
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> => {
  // A file, not a pipe: a process that was left behind could hold a pipe open for ever.
  const folder = await mkdtemp(join(tmpdir(), "plugboard-run-"));
  const file = await open(join(folder, "output"), "a");
  try {
    const { code, note } = await waitFor([command, ...args], file.fd, options);
    const output = await readFile(join(folder, "output"), "utf8");
    return note === "" ? { code, output } : { code: code || 1, output: `${output}${note}\n` };
  } finally {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  }
};

const waitFor = (
  [command = "", ...args]: readonly string[],
  output: number,
  { cwd, env = {}, signal, timeoutMs = 300_000 }: RunOptions,
): Promise<{ code: number; note: string }> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", output, output],
    });
    let note = "";
    let killTimer: ReturnType<typeof setTimeout> | undefined;
    const stop = (why: string) => {
      note ||= `${command} was ended: ${why}.`;
      signalChild(child, "SIGTERM");
      killTimer ??= setTimeout(() => signalChild(child, "SIGKILL"), GRACE_MS);
    };
    const onAbort = () => stop("interrupted");
    const timer = setTimeout(() => stop(`not done after ${timeoutMs / 1000} s`), timeoutMs);
    const finish = (code: number) => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      signal?.removeEventListener("abort", onAbort);
      resolve({ code, note });
    };
    child.once("exit", (code) => finish(code ?? 1));
    child.once("error", (error) => {
      note = `${command} cannot be run: ${error.message}`;
      finish(1);
    });
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();
  });
