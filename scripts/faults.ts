import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { type Row, runScenario } from "../tests/faults/runScenario.ts";
import type { Scenario } from "../tests/faults/scenario.ts";
import { SCENARIOS } from "../tests/faults/scenarios.ts";
import { formatTable } from "../tests/faults/table.ts";
import { type Engine, ENGINES } from "../tests/harness/startSystem.ts";
import { buildClient } from "./build.ts";
import { closingLine } from "./closingLine.ts";
import { provideRabbitMqNode } from "./provision/rabbitmq.ts";
import type { RabbitMqNode } from "./provision/rabbitMqNode.ts";

const HELP = `Hurts real processes and a real RabbitMQ under load, and judges by what clients saw.

  deno task faults [options]
  bun run faults [options]

  --short        fewer requests, shorter waits, and the scenarios meant for that: two minutes
  --only NAME    the scenarios whose name contains this; may be given again
  --engine NAME  ${ENGINES.join(" or ")} alone
  --seed N       what random choices are made from; it is printed, so that a run can be repeated
  --keep         leave records and logs behind, even when all is well
  --list         print the names
  --help         print this

A private RabbitMQ node is started, after installing Debian's package where there is none. The
last line says how many rows of the table passed and failed; the exit code is 1 unless some passed
and none failed.`;

type Run = { scenario: Scenario; engine: Engine };
type Options = { seed: number; short: boolean; folder: string };

const main = async (args: string[]): Promise<number> => {
  const { values } = parseArgs({
    args,
    options: {
      short: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
      engine: { type: "string", multiple: true, default: [...ENGINES] },
      seed: { type: "string", default: String(crypto.getRandomValues(new Uint32Array(1))[0]) },
      keep: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { short, only, keep } = values;
  if (values.help) return say(HELP);
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed ${values.seed}: not a whole number.`);
  const wrong = values.engine.find((name) => !ENGINES.some((engine) => engine === name));
  if (wrong !== undefined) throw new Error(`--engine ${wrong}: not ${ENGINES.join(" or ")}.`);
  const chosen = SCENARIOS.filter(({ name }) =>
    only.length === 0 || only.some((part) => name.includes(part))
  );
  if (chosen.length === 0) throw new Error(`--only ${only.join(", ")}: no scenario of that name.`);
  if (values.list) return say(chosen.map(({ name }) => name).join("\n"));
  const runs = chosen.flatMap((scenario) =>
    (short ? scenario.short : scenario.engines)
      .filter((engine) => values.engine.includes(engine))
      .map((engine): Run => ({ scenario, engine }))
  );
  if (runs.length === 0) throw new Error("None of these scenarios is in the short form.");

  say(`Seed ${seed}: --seed ${seed} makes the same choices again.`);
  const folder = await mkdtemp(join(tmpdir(), "plugboard-faults-"));
  const rows = await runAll(runs, { seed, short, folder });
  const failed = rows.filter(({ faults }) => faults.length > 0).length;
  say(`\n${formatTable(rows)}\n`);
  if (failed === 0 && !keep) await rm(folder, { recursive: true, force: true });
  else say(`Records, and the logs of what failed: ${folder}`);
  say(closingLine(rows.length - failed, failed));
  return failed === 0 && rows.length > 0 ? 0 : 1;
};

const say = (text: string): number => {
  console.log(text);
  return 0;
};

const runAll = async (runs: Run[], options: Options): Promise<Row[]> => {
  await buildClient();
  const rows: Row[] = [];
  let shared: RabbitMqNode | undefined;
  try {
    for (const { scenario, engine } of runs) {
      const needsNode = engine === "rabbitmq";
      if (needsNode && !scenario.hurtsBroker) shared ??= await provideRabbitMqNode();
      const own = needsNode && scenario.hurtsBroker ? await provideRabbitMqNode() : undefined;
      try {
        const broker = needsNode ? own ?? shared : undefined;
        const row = await runScenario(scenario, { ...options, engine, broker });
        rows.push(row);
        const verdict = row.faults.length === 0 ? "ok    " : "FAILED";
        say(`${verdict}  ${row.fault} (${engine}, ${row.seconds.toFixed(1)} s)`);
        for (const fault of row.faults) say(`        ${fault}`);
      } finally {
        await own?.stop();
      }
    }
  } finally {
    await shared?.stop();
  }
  return rows;
};

try {
  // Not by `exitCode`: on Bun a proxy's socket that is long destroyed may keep the process alive.
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  // Only wrong options end here, and a RabbitMQ that cannot be had.
  console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
  process.exitCode = 2;
}
