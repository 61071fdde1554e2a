import { fork } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { createId } from "../../common/ids.ts";
import { settlesWithin } from "../../common/settlesWithin.ts";
import { signalChild } from "../../common/signalChild.ts";
import type { Answer } from "./answerParent.ts";
import { type ProcessUsage, usageOf } from "./processTable.ts";

/** One process of a bench, with what it has started itself. */
export type Part = {
  readonly name: string;
  readonly pid: number;
  /** Rejects, with what it wrote, when it ends before `stop`; never resolves. */
  readonly crashed: Promise<never>;
  /** Waits until its output matches, and gives the first group. @throws Error after 30 s */
  said(pattern: RegExp): Promise<string>;
  /** Asks it something. @throws Error with what it says, or when it takes longer than `timeoutMs` */
  ask(what: string, args: unknown, timeoutMs?: number): Promise<unknown>;
  /** What it and its children use, by name: theirs is `child of <name>`. */
  usage(): Promise<(ProcessUsage & { name: string })[]>;
  /** Ends it, and all that it started. */
  stop(): Promise<void>;
};

/** Options of `startPart`. */
export type PartOptions = {
  /** A script of this repository, such as `gateway/main.ts`. */
  script: string;
  args?: readonly string[];
  /** Beside this process's own variables; `undefined` removes one. */
  env?: Record<string, string | undefined>;
};

const START_MS = 30_000;
const STOP_MS = 5_000;
const MARK = "PLUGBOARD_BENCH_MARK";

/**
 * Starts a script with the runtime that runs the bench. It has a channel to the bench, by which it
 * notices when the bench is gone.
 */
export const startPart = (name: string, { script, args = [], env = {} }: PartOptions): Part => {
  const mark = `${MARK}=${createId()}`;
  const path = fileURLToPath(new URL(`../../${script}`, import.meta.url));
  const child = fork(path, [...args], {
    env: { ...process.env, ...env, [MARK]: mark.slice(MARK.length + 1) },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  let asked = 0;
  let isMeantToEnd = false;
  const onOutput = new Set<() => void>();
  const waiting = new Map<number, (answer: Answer) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (bytes) => {
      output = (output + bytes).slice(-100_000);
      for (const listener of [...onOutput]) listener();
    });
  }
  child.on("message", (message) => {
    // Only our own scripts write to this channel.
    const answer = message as Answer;
    waiting.get(answer.id)?.(answer);
  });
  const ended = once(child, "exit");
  const crashed = ended.then(([code, signal]): Promise<never> => {
    if (isMeantToEnd) return new Promise(() => {});
    throw new Error(`${name} ended with ${signal ?? code}. It wrote:\n${output.slice(-4_000)}`);
  });
  // Whoever waits for something hears of it; it is no error beside.
  crashed.catch(() => {});

  const within = async <T>(promise: Promise<T>, ms: number, what: string): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      const fail = () =>
        reject(new Error(`${name} did not ${what} in ${ms / 1_000} s.\n${output}`));
      timer = setTimeout(fail, ms);
    });
    try {
      return await Promise.race([promise, crashed, late]);
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    name,
    pid: child.pid ?? 0,
    crashed,
    said(pattern) {
      const matched = new Promise<string>((resolve) => {
        const look = () => {
          const match = pattern.exec(output);
          if (match === null) return;
          onOutput.delete(look);
          resolve(match[1] ?? "");
        };
        onOutput.add(look);
        look();
      });
      return within(matched, START_MS, `say ${pattern}`);
    },
    async ask(what, args, timeoutMs = START_MS) {
      const id = ++asked;
      const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
      child.send({ id, ask: what, args });
      const { value, error } = await within(answered, timeoutMs, `answer "${what}"`);
      waiting.delete(id);
      if (error !== undefined) throw new Error(`${name}: ${error}`);
      return value;
    },
    async usage() {
      const all = await usageOf(mark);
      return all.map((one) => ({
        ...one,
        name: one.pid === child.pid ? name : `child of ${name}`,
      }));
    },
    async stop() {
      isMeantToEnd = true;
      signalChild(child, "SIGTERM");
      if (!await settlesWithin(ended, STOP_MS)) signalChild(child, "SIGKILL");
      await ended;
    },
  };
};
