import { readdir, readFile } from "node:fs/promises";

/** The variable that marks a process and all it starts, wherever they end up in the tree. */
export const MARK = "PLUGBOARD_TEST_MARK";

/** The ids of all living processes whose environment has that mark. Linux only: it reads `/proc`. */
export const markedProcesses = async (mark: string): Promise<number[]> => {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(async (pid) => {
    // It may have ended meanwhile, or be somebody else's.
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    return environment.split("\0").includes(`${MARK}=${mark}`) ? [Number(pid)] : [];
  }));
  return found.flat();
};
