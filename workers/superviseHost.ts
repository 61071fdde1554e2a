import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import type { Logger } from "../common/logger.ts";
import type { BrokenPlugin } from "../common/schemas/catalog.ts";
import { signalChild } from "../common/signalChild.ts";
import { settlesWithin } from "../common/settlesWithin.ts";
import { HostMessage, type WorkerMessage } from "./hostMessages.ts";
import { type HostEvent, type HostState, transition } from "./hostState.ts";

/** How often a plugin's process is asked whether it is alive, in milliseconds. */
const PING_MS = 1_000;
/** A process that has not answered for so long is in an endless loop, or stopped: it is killed. */
const SILENT_MS = 5_000;
/** Reading a file and its `setup` may take longer, as nothing is served yet. */
const LOAD_MS = 30_000;

/** Options of `superviseHost`. */
export type SuperviseOptions = {
  /** The plugin file, relative to the plugins folder. */
  file: string;
  env: NodeJS.ProcessEnv;
  log: Logger;
  maxMemoryBytes: number;
  /** How long a process may take to stop before it is killed, in milliseconds. */
  stopMs: number;
  /** Called with every process, before it has said anything. */
  onFork(child: ChildProcess): void;
  /** Called when the file was read; `serve` lets the plugin begin. */
  onLoaded(loaded: { name: string; types: string[] }, serve: () => void): void;
  /** Called when the file did not load. */
  onBroken(broken: BrokenPlugin): void;
  /** Called after every change of where it stands. */
  onState(state: HostState): void;
};

/** The process of one plugin file: watched, and started again when it ends. */
export type SupervisedHost = {
  readonly file: string;
  readonly state: HostState;
  /** Starts a fresh process; the old one stops when the new one serves, or cannot. */
  replace(): void;
  /** The file must not be served after all: ends its process. */
  refuse(broken: BrokenPlugin): void;
  /** Ends it for good; resolves when every process of it is gone. */
  close(): Promise<void>;
};

/** Runs one plugin file in a child process. */
export const superviseHost = (options: SuperviseOptions): SupervisedHost => {
  const { file, env, log, maxMemoryBytes, stopMs } = options;
  const children = new Set<ChildProcess>();
  let state: HostState = { at: "starting", crashes: [] };
  let current: ChildProcess | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const happened = (event: HostEvent): void => {
    const before = state;
    state = transition(state, event);
    if (state === before) return;
    if (state.at === "restarting" || state.at === "benched") {
      retry = setTimeout(start, state.delayMs);
    }
    options.onState(state);
  };

  const stop = async (child: ChildProcess): Promise<void> => {
    if (!children.has(child)) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    signalChild(child, "SIGTERM");
    if (!await settlesWithin(gone, stopMs)) signalChild(child, "SIGKILL");
    await gone;
  };

  const start = (): void => {
    const old = current;
    const child = fork(fileURLToPath(new URL("./pluginHost.ts", import.meta.url)), [], {
      // Bytes go as bytes, not as base64.
      serialization: "advanced",
      env,
    });
    const say = (message: WorkerMessage): void => {
      if (child.connected) child.send(message, () => {});
    };
    const kill = (why: string, facts: Record<string, unknown> = {}): void => {
      log.error(`The process of a plugin is killed: ${why}.`, { file, pid: child.pid, ...facts });
      clearInterval(ping);
      signalChild(child, "SIGKILL");
    };
    /** How far it has come: a plugin may write to the channel too, and each is said once. */
    let stage: "reading" | "loaded" | "over" = "reading";
    let heardAt = performance.now() + LOAD_MS - SILENT_MS;

    const onMessage = (message: HostMessage): void => {
      if (child !== current) return;
      if (message.kind === "loaded" && stage === "reading") {
        stage = "loaded";
        options.onLoaded(message, () => say({ kind: "serve" }));
      }
      if (message.kind === "pong") {
        heardAt = Math.max(heardAt, performance.now());
        if (message.rss > maxMemoryBytes) kill("it takes too much memory", { rss: message.rss });
      }
      if (message.kind === "serving" && stage === "loaded") {
        stage = "over";
        heardAt = performance.now();
        happened({ on: "serving" });
        if (old) void stop(old);
      }
      if (message.kind === "broken" && stage !== "over") {
        stage = "over";
        options.onBroken(message.broken);
        happened({ on: "broken" });
        if (old) void stop(old);
      }
    };

    const ping = setInterval(() => {
      const silentMs = Math.round(performance.now() - heardAt);
      if (silentMs > SILENT_MS) kill("it does not answer; an endless loop?", { silentMs });
      else say({ kind: "ping" });
    }, PING_MS);

    current = child;
    children.add(child);
    options.onFork(child);
    child.on("message", (message) => {
      const parsed = v.safeParse(HostMessage, message);
      if (parsed.success) onMessage(parsed.output);
    });
    child.on("error", (error) => log.error("A plugin's process failed.", { file, error }));
    child.on("exit", (code, signal) => {
      clearInterval(ping);
      children.delete(child);
      if (child !== current || state.at === "closed" || state.at === "broken") return;
      log.error("The process of a plugin ended.", { file, pid: child.pid, code, signal });
      happened({ on: "crashed", now: performance.now() });
    });
    happened({ on: "forked" });
  };

  start();
  return {
    file,
    get state() {
      return state;
    },
    replace() {
      clearTimeout(retry);
      start();
    },
    refuse(broken) {
      options.onBroken(broken);
      happened({ on: "broken" });
      if (current) void stop(current);
    },
    async close() {
      happened({ on: "close" });
      clearTimeout(retry);
      await Promise.all([...children].map(stop));
    },
  };
};
