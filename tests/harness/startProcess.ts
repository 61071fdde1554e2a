import { createId } from "../../common/ids.ts";
import { MARK, markedProcesses } from "./markedProcesses.ts";
import { type RunningScript, spawnScript } from "./spawnScript.ts";
import { until } from "./until.ts";

/** `scripts/start.ts` in a process of its own. */
export type StartedPlugboard = RunningScript & {
  /** Where its gateway is, such as `http://127.0.0.1:40123`. */
  url: string;
  /** The ids of its process and of all that it started, as far as they live. Linux only. */
  pids(): Promise<number[]>;
};

/** Options of `startPlugboard`. */
export type StartOptions = {
  args?: readonly string[];
  /** Beside this process's variables; unless told, the port is a free one, the engine embedded. */
  env?: Record<string, string | undefined>;
  /** Whether to wait for `GET /readyz` to say 200. Default true; else only for the URL. */
  ready?: boolean;
};

const START_MS = 30_000;

/**
 * Starts Plugboard as a user would, with the current runtime; whoever starts it calls `stop`.
 * @throws Error with what it wrote, when it ends or takes too long; it is stopped then
 */
export const startPlugboard = async (options: StartOptions = {}): Promise<StartedPlugboard> => {
  const { args, ready = true } = options;
  const mark = createId();
  const env = { PORT: "0", AMQP_URL: undefined, ...options.env, [MARK]: mark };
  const script = spawnScript("scripts/start.ts", { args, env });
  let hasEnded = false;
  void script.ended.then(() => hasEnded = true);
  const url = () => /^Plugboard: (http\S+)$/m.exec(script.stdout())?.[1] ?? "";
  const started = async () => url() !== "" && (!ready || await readyz(url()) === 200);
  try {
    await until(async () => hasEnded || await started(), { what: "start", timeoutMs: START_MS });
    if (hasEnded) throw new Error("It ended by itself.");
    return { ...script, url: url(), pids: () => markedProcesses(mark) };
  } catch (cause) {
    await script.stop("SIGKILL");
    throw new Error(`${cause} It wrote:\n${script.stdout()}${script.stderr()}`, { cause });
  }
};

/** The status of `GET /readyz`. */
export const readyz = async (url: string): Promise<number> => {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
  await response.body?.cancel();
  return response.status;
};
