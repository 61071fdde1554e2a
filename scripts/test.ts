import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildClient } from "./build.ts";
import { closingLine } from "./closingLine.ts";
import { provideChromium } from "./provision/chromium.ts";
import { provideRabbitMq } from "./provision/rabbitmq.ts";
import { runTestFile, type TestRun } from "./runTestFile.ts";
import { sourceFiles } from "./sourceFiles.ts";

const HELP = `Runs the tests with the runtime that runs this, after all the set-up they need.

  deno task test [options] [part of a file's path …]
  bun run test [options] [part of a file's path …]

  --no-rabbitmq  skip what needs RabbitMQ; without it one is found, or installed, and started
  --no-browser   skip what needs a browser; without it Chromium is found, or installed
  --help         print this

The last line says how many tests passed, failed and were skipped; the exit code is 1 unless
some passed and none failed.`;

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What of the set-up to leave out. */
type Without = { rabbitMq: boolean; browser: boolean };
type Env = Record<"AMQP_URL" | "CHROME_PATH", string | undefined>;
type Totals = { passed: number; failed: number; skipped: number };

const main = async (args: string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      "no-rabbitmq": { type: "boolean", default: false },
      "no-browser": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const all = await sourceFiles(ROOT, /\.test\.tsx?$/);
  const wanted = positionals.map((part) => part.replace(/^\.\//, ""));
  const files = all.filter((path) => wanted.length === 0 || wanted.some((p) => path.includes(p)));
  const without = { rabbitMq: values["no-rabbitmq"], browser: values["no-browser"] };
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  try {
    if (files.length === 0) throw new Error(`No test file matches ${wanted.join(" or ")}.`);
    await withSetUp(without, (env) => runFiles(files, { env, totals, signal: untilInterrupted() }));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    totals.failed++;
  }
  console.log(closingLine(totals.passed, totals.failed, totals.skipped));
  return totals.failed === 0 && totals.passed > 0 ? 0 : 1;
};

/** Gives `use` what the tests expect in the environment, and takes it down afterwards. */
const withSetUp = async (without: Without, use: (env: Env) => Promise<void>): Promise<void> => {
  await buildClient();
  const CHROME_PATH = without.browser ? undefined : await orSkip(provideChromium(), "--no-browser");
  const rabbitMq = without.rabbitMq ? undefined : await orSkip(provideRabbitMq(), "--no-rabbitmq");
  try {
    await use({ AMQP_URL: rabbitMq?.url, CHROME_PATH });
  } finally {
    await rabbitMq?.stop();
  }
};

const orSkip = <T>(provided: Promise<T>, option: string): Promise<T> =>
  provided.catch((cause) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${why}\nOr skip what needs it: ${option}.`, { cause });
  });

/** Aborts at the first Ctrl-C or SIGTERM; a second one ends this at once. */
const untilInterrupted = (): AbortSignal => {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  return controller.signal;
};

const runFiles = async (
  files: string[],
  { env, totals, signal }: { env: Env; totals: Totals; signal: AbortSignal },
): Promise<void> => {
  for (const path of files) {
    const startedAt = performance.now();
    const run = await runTestFile(`./${path}`, { cwd: ROOT, env, signal });
    print(path, run, (performance.now() - startedAt) / 1000);
    totals.passed += run.passed;
    totals.failed += run.failed.length;
    totals.skipped += run.skipped.length;
    if (signal.aborted) throw new Error("Interrupted: the other files did not run.");
  }
};

const print = (path: string, run: TestRun, seconds: number): void => {
  const ok = run.failed.length === 0;
  const counts = closingLine(run.passed, run.failed.length, run.skipped.length);
  if (!ok) console.log(run.output.trimEnd());
  console.log(`${ok ? "ok    " : "FAILED"}  ${path}  ${counts} (${seconds.toFixed(1)} s)`);
  for (const name of run.failed) console.log(`        failed: ${name}`);
  for (const name of run.skipped) console.log(`        skipped: ${name}`);
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // Only wrong options end here.
  console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
  process.exitCode = 2;
}
