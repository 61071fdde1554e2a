import { Buffer } from "node:buffer";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { settlesWithin } from "../../common/settlesWithin.ts";

/** How a process ended; one of the two is null. */
export type Ending = { code: number | null; signal: NodeJS.Signals | null };

/** A script of this repository that runs in a process of its own. */
export type RunningScript = {
  process: ChildProcess;
  /** What it, and what it started, has written so far. */
  stdout(): string;
  stderr(): string;
  stdoutBytes(): Uint8Array;
  /** Resolves when it has ended and its output is complete. */
  ended: Promise<Ending>;
  /** Sends a signal, SIGTERM unless told, and waits for the end; SIGKILL follows after 20 s. */
  stop(signal?: NodeJS.Signals): Promise<Ending>;
};

/** Options of `spawnScript`. */
export type SpawnScriptOptions = {
  args?: readonly string[];
  /** Another script of this repository, which runs before it in the same process. */
  preload?: string;
  /** Beside this process's own variables; `undefined` removes one. */
  env?: Record<string, string | undefined>;
  /** Its standard input. Default: empty. */
  input?: string | Uint8Array;
};

const STOP_MS = 20_000;
/** A process it left behind may hold its output open. */
const OUTPUT_MS = 2_000;

/** The command that runs a script of this repository with the current runtime. */
export const scriptCommand = (
  path: string,
  { preload }: Pick<SpawnScriptOptions, "preload"> = {},
): [string, ...string[]] => {
  const fileOf = (of: string) => fileURLToPath(new URL(`../../${of}`, import.meta.url));
  const run = process.versions.deno === undefined ? [] : ["run", "-A", "--no-check"];
  const before = preload === undefined ? [] : ["--preload", fileOf(preload)];
  return [process.execPath, ...run, ...before, fileOf(path)];
};

/** Starts a script with the current runtime; whoever starts one must end it. */
export const spawnScript = (path: string, options: SpawnScriptOptions = {}): RunningScript => {
  const { args = [], env = {}, input = "" } = options;
  const [command, ...before] = scriptCommand(path, options);
  const child = spawn(command, [...before, ...args], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  child.stdout.on("data", (bytes: Uint8Array) => void out.push(bytes));
  child.stderr.on("data", (bytes: Uint8Array) => void err.push(bytes));
  // It may end without having read its input.
  child.stdin.on("error", () => {});
  child.stdin.end(input);

  const closed = once(child, "close");
  const ended = once(child, "exit").then(async ([code, signal]): Promise<Ending> => {
    await settlesWithin(closed, OUTPUT_MS);
    return { code, signal };
  });

  const send = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    // Not by `child.kill`: Deno then takes the signal for the ending, whatever the exit code was.
    process.kill(child.pid, signal);
  };

  return {
    process: child,
    stdout: () => Buffer.concat(out).toString(),
    stderr: () => Buffer.concat(err).toString(),
    stdoutBytes: () => new Uint8Array(Buffer.concat(out)),
    ended,
    async stop(signal = "SIGTERM") {
      send(signal);
      const timer = setTimeout(() => send("SIGKILL"), STOP_MS);
      try {
        return await ended;
      } finally {
        clearTimeout(timer);
      }
    },
  };
};
