import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type Cases, countCases } from "./junit.ts";
import { type RunOptions, runProcess } from "./runProcess.ts";

/** How the tests of one file went, and what was written meanwhile. */
export type TestRun = Cases & { output: string };

/**
 * Runs one test file with the test runner of the current runtime, in a process of its own: what
 * it leaves behind, or how it crashes, cannot touch the next one. A file that does not load, that
 * crashes, or that holds no test counts as a failed case.
 */
export const runTestFile = async (path: string, options: RunOptions = {}): Promise<TestRun> => {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-test-"));
  const report = join(folder, "report.xml");
  try {
    const { code, output } = await runProcess(process.execPath, runnerArgs(path, report), options);
    // There is none when the file did not load.
    const cases = countCases(await readFile(report, "utf8").catch(() => ""));
    const { passed, failed, skipped } = cases;
    if (code !== 0 && failed.length === 0) failed.push(`The runner ended with code ${code}.`);
    if (passed + failed.length + skipped.length === 0) failed.push("There is no test in it.");
    return { ...cases, output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const runnerArgs = (path: string, report: string): string[] =>
  process.versions.bun === undefined
    // Types have their own check.
    ? ["test", "-A", "--no-check", `--junit-path=${report}`, path]
    : [
      ...["test", "--no-install", "--timeout", "60000"],
      ...["--reporter=junit", `--reporter-outfile=${report}`, path],
    ];
