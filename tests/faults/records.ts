import { readFile } from "node:fs/promises";

/** What the handlers of `plugins/` have done, as they wrote it down themselves. */
export type Records = {
  /** The starts of a request's handler, by its key. */
  starts(key: string): number;
  hasEnded(key: string): boolean;
  hasAborted(key: string): boolean;
  /** The keys of what this process has started and not ended. */
  runningIn(pid: number): Set<string>;
};

/** Reads a file of records; one that is not there has none. */
export const readRecords = async (path: string): Promise<Records> => {
  const text = await readFile(path, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "").map((line) => line.split(" "));
  const starts = new Map<string, number>();
  const ended = new Set<string>();
  const aborted = new Set<string>();
  for (const [event, key = ""] of lines) {
    if (event === "start") starts.set(key, (starts.get(key) ?? 0) + 1);
    if (event === "end") ended.add(key);
    if (event === "abort") aborted.add(key);
  }
  return {
    starts: (key) => starts.get(key) ?? 0,
    hasEnded: (key) => ended.has(key),
    hasAborted: (key) => aborted.has(key),
    runningIn: (pid) => {
      const its = lines.filter(([, , , by]) => Number(by) === pid);
      const over = new Set(its.filter(([event]) => event === "end").map(([, key]) => key));
      return new Set(its.map(([, key = ""]) => key).filter((key) => !over.has(key)));
    },
  };
};
