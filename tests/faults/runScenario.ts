import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RabbitMqNode } from "../../scripts/provision/rabbitMqNode.ts";
import { readyz } from "../harness/startProcess.ts";
import type { Engine } from "../harness/startSystem.ts";
import { until } from "../harness/until.ts";
import { busyQueues, deleteQueues, growth, memoryNow, settledMemory } from "./after.ts";
import { createLedger, type Totals } from "./ledger.ts";
import { createRandom } from "./random.ts";
import { readRecords } from "./records.ts";
import type { Scenario } from "./scenario.ts";
import { type FaultSystem, startFaultSystem } from "./system.ts";

/** What came of one scenario over one engine. */
export type Row = Totals & {
  fault: string;
  engine: Engine;
  /** Requests of handlers that are not idempotent and started more than once. */
  doubleStarts: number;
  /** MiB by which the memory of one process grew at most. */
  grown: number;
  seconds: number;
  /** What did not hold; empty in a good row. */
  faults: string[];
  notes: string[];
};

/** Options of `runScenario`. */
export type RunScenarioOptions = {
  engine: Engine;
  seed: number;
  short: boolean;
  broker?: RabbitMqNode;
  /** Where records and logs go. */
  folder: string;
};

/** Memory that a process may keep after a scenario: what the runtime has not given back. */
const MAX_GROWTH_MIB = 64;
const MEMORY_SETTLE_MS = 10_000;
const READY_MS = 15_000;
/** Handlers that may start only once. */
const ONCE = /^(?:steady\.\w+Once|hurtful\.(?!poison))/;

/** Runs a scenario with fresh processes, and judges it. Never rejects. */
export const runScenario = async (
  scenario: Scenario,
  { engine, seed, short, broker, folder }: RunScenarioOptions,
): Promise<Row> => {
  const since = performance.now();
  const prefix = `${scenario.name.replaceAll(/\W+/g, "-")}-${engine}`;
  const recordFile = join(folder, `${prefix}.records`);
  const ledger = createLedger({ prefix });
  const records = () => readRecords(recordFile);
  const faults: string[] = [];
  const notes: string[] = [];
  let system: FaultSystem | undefined;
  let memory = new Map<number, number>();
  let grown = 0;

  const start = async (options = {}): Promise<FaultSystem> => {
    const node = engine === "rabbitmq" ? broker : undefined;
    system = await startFaultSystem({ engine, broker: node, ledger, recordFile }, options);
    memory = await memoryNow(system.parts);
    return system;
  };

  const judge = async ({ parts, gateways, workerPids }: FaultSystem): Promise<void> => {
    const living = parts.filter((part) => !part.isMeantToEnd);
    for (const { name, isAlive } of living) if (!isAlive) faults.push(`${name} has ended`);
    for (const { name, url, isMeantToEnd } of gateways) {
      if (isMeantToEnd) continue;
      const ready = async () => await readyz(url).catch(() => 0) === 200;
      const waited = { what: `${name} to be ready again`, timeoutMs: READY_MS };
      await until(ready, waited).catch((error) => faults.push(error.message));
    }
    const wanted = parts.filter((part) => part.isAlive && part.name.startsWith("worker")).length;
    let answering = 0;
    const answer = async () => (answering = (await workerPids()).length) >= Math.max(1, wanted);
    await until(answer, { what: "every worker to answer again", timeoutMs: READY_MS })
      .catch(() => faults.push(`${answering} of ${wanted} workers answer`));
    if (engine === "rabbitmq" && broker) faults.push(...await busyQueues(broker));
    const deadline = performance.now() + MEMORY_SETTLE_MS;
    do grown = growth(memory, await memoryNow(parts)); while (
      grown > MAX_GROWTH_MIB && performance.now() < deadline
    );
    if (grown > MAX_GROWTH_MIB) faults.push(`a process grew by ${Math.round(grown)} MiB`);
  };

  try {
    await scenario.run({
      engine,
      short,
      random: createRandom(seed),
      ledger,
      start,
      broker() {
        if (broker) return broker;
        throw new Error("There is no broker over this engine.");
      },
      records,
      rebase: async () => memory = await settledMemory(system?.parts ?? []),
      expect: (holds, otherwise) => void (holds || faults.push(otherwise)),
      note: (text) => void notes.push(text),
    });
    await ledger.settled();
    if (system) await judge(system);
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  }
  if (system) faults.push(...await system.stop());
  const doubles = await doubleStarts(ledger.outcomes, await records());
  const totals = ledger.totals();
  for (const [what, count] of Object.entries({ ...totals, doubleStarts: doubles })) {
    if (JUDGED.has(what) && count !== 0) faults.push(`${count} ${what}`);
  }
  if (faults.length > 0 && system) await keepLogs(system, join(folder, prefix));
  // One scenario leaves nothing to the next.
  if (engine === "rabbitmq" && broker && !scenario.hurtsBroker) await deleteQueues(broker, /^/);
  const seconds = (performance.now() - since) / 1_000;
  const { name: fault } = scenario;
  return { ...totals, fault, engine, doubleStarts: doubles, grown, seconds, faults, notes };
};

const JUDGED = new Set(["never", "duplicates", "gaps", "strangers", "doubleStarts"]);

const doubleStarts = (
  outcomes: readonly { key: string; type: string }[],
  records: { starts(key: string): number },
): number => outcomes.filter(({ key, type }) => ONCE.test(type) && records.starts(key) > 1).length;

const keepLogs = async (system: FaultSystem, folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (const part of system.parts) await writeFile(join(folder, `${part.name}.log`), part.log());
};
