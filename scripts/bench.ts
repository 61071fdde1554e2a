import { writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import process from "node:process";
import { parseArgs } from "node:util";
import { report, summarise } from "./bench/report.ts";
import { isMet, type Outcome } from "./bench/scenario.ts";
import { SCENARIOS } from "./bench/scenarios.ts";
import { createStage } from "./bench/stage.ts";
import { buildClient } from "./build.ts";

const HELP = `Measures Plugboard against naive references, in the same run and round by round.

  deno task bench [options]
  bun run bench [options]

  --quick      two short rounds instead of five: less than a minute for all, and rough
  --only NAME  the scenarios whose name contains this; may be given again
  --json FILE  writes every measurement there
  --list       prints the names
  --help       prints this

Every part runs in a process of its own, on the runtime that runs the bench, over a private RabbitMQ.
Only ratios within one run mean anything. The last line says how many goals were met and missed;
the exit code is 1 when a scenario could not be measured.`;

/** Milliseconds of one measurement, and how many there are. */
const FULL = { ms: 2_000, rounds: 5 };
const QUICK = { ms: 250, rounds: 2 };

const main = async (args: string[]): Promise<number> => {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
      json: { type: "string" },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { quick, only, json } = values;
  if (values.help) return say(HELP);
  const chosen = SCENARIOS.filter(({ name }) =>
    only.length === 0 || only.some((part) => name.includes(part))
  );
  if (chosen.length === 0) throw new Error(`--only ${only.join(", ")}: no scenario of that name.`);
  if (values.list) return say(chosen.map(({ name, title }) => `${name}: ${title}`).join("\n"));

  await buildClient();
  const machine = describeMachine();
  say(`${machine}\nEach figure: minimum – median – maximum of the rounds.`);
  const results: ({ name: string; title: string } & (Outcome | { error: string }))[] = [];
  const stage = createStage();
  try {
    for (const { name, title, run } of chosen) {
      say(`\n${name}: ${title}`);
      const since = performance.now();
      try {
        const outcome = await run({ stage, quick, ...(quick ? QUICK : FULL) });
        results.push({ name, title, ...outcome });
        say(report(outcome));
      } catch (error) {
        const text = error instanceof Error ? error.stack ?? error.message : String(error);
        results.push({ name, title, error: text });
        say(`  FAILED ${text}`);
      }
      // To start all of them anew each time would take most of the minute.
      await stage.clear({ systems: !quick });
      say(`  (${((performance.now() - since) / 1_000).toFixed(1)} s)`);
    }
  } finally {
    await stage.close();
  }
  if (json !== undefined) {
    const date = new Date().toISOString();
    await writeFile(json, JSON.stringify({ date, machine, quick, results }, undefined, 2));
  }
  const measured = results.flatMap((one) => "error" in one ? [] : [one]);
  say(`\n${summarise(measured)}`);
  const verdicts = measured.flatMap((one) => one.verdicts);
  const met = verdicts.filter(isMet).length;
  const failed = results.length - measured.length;
  const missing = failed === 0 ? "" : `; scenarios that could not be measured: ${failed}`;
  say(`\n${met} goals met, ${verdicts.length - met} missed${missing}`);
  return failed === 0 ? 0 : 1;
};

const say = (text: string): number => {
  console.log(text);
  return 0;
};

const describeMachine = (): string => {
  const { deno, bun, node } = process.versions;
  const runtime = deno ? `Deno ${deno}` : bun ? `Bun ${bun}` : `Node ${node}`;
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${runtime}, ${cpus().length} cores, ${gib} GiB, everything on one machine`;
};

// What was started ends with this process, as its channels close.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  // Only wrong options end here, and a client that does not build.
  console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
  process.exit(2);
}
