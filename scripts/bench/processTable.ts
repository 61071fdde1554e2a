import { readdir, readFile } from "node:fs/promises";

/** What a process has used so far. */
export type ProcessUsage = {
  pid: number;
  cpuSeconds: number;
  /** Resident memory now, and the most it ever was. */
  bytes: number;
  peakBytes: number;
};

/** Linux counts in these for programs, whatever the kernel's own clock is. */
const TICKS_PER_SECOND = 100;

/** What the living processes with this `NAME=value` in their environment use. Linux only. */
export const usageOf = async (variable: string): Promise<ProcessUsage[]> => {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(async (pid) => {
    // It may have ended meanwhile, or be somebody else's.
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    if (!environment.split("\0").includes(variable)) return [];
    return await readUsage(Number(pid)).then((usage) => [usage], () => []);
  }));
  return found.flat();
};

const readUsage = async (pid: number): Promise<ProcessUsage> => {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // After the name, which may hold anything, and is in parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0);
  return {
    pid,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    bytes: kilobytes("VmRSS") * 1_024,
    peakBytes: kilobytes("VmHWM") * 1_024,
  };
};
