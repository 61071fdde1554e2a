import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { prepare, type Subject } from "../duel.ts";
import type { Part } from "../part.ts";
import type { BenchContext, Scenario } from "../scenario.ts";
import { median, ratioOf } from "../statistics.ts";
import { startPlugboard } from "../systems/plugboard.ts";
import { startEcho } from "../systems/references.ts";
import type { System } from "../systems/system.ts";

const CONNECTIONS = 5_000;
const QUICK_CONNECTIONS = 1_000;
/** Enough that what every connection shares is in memory before. */
const FIRST = 100;
/** Files that a process needs beside its sockets. */
const OTHER_FILES = 100;
/** Until what a handshake has left behind is collected, in milliseconds. */
const SETTLE_MS = 1_000;

/** The memory that an idle connection costs a gateway. Each round has a fresh one. */
export const idle: Scenario = {
  name: "idle",
  title: `an idle connection, at ${CONNECTIONS} (--quick: ${QUICK_CONNECTIONS}), embedded`,
  async run({ stage, quick, rounds }) {
    const wanted = quick ? QUICK_CONNECTIONS : CONNECTIONS;
    const connections = Math.min(wanted, await openFiles() - OTHER_FILES);
    const plugboard: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < (quick ? 1 : rounds); round++) {
      const ours = { stage, driver: "plugboard", connections } as const;
      plugboard.push(await bytesEach(await startPlugboard({}), ours));
      bare.push(await bytesEach(await startEcho(), { ...ours, driver: "socketIo" }));
    }
    const kilobytes = (figures: number[]) => (median(figures) / 1_024).toFixed(1);
    return {
      series: [],
      verdicts: [{
        what: "bytes × bare Socket.IO",
        range: ratioOf(plugboard, bare),
        goal: { most: 1.3 },
      }],
      notes: [
        `${connections} connections; Plugboard ${kilobytes(plugboard)} KiB each, ` +
        `bare Socket.IO ${kilobytes(bare)} KiB`,
        ...(connections < wanted ? [`not ${wanted}, as ulimit -Hn allows no more`] : []),
      ],
    };
  },
};

type IdleOptions = Pick<BenchContext, "stage"> & {
  driver: Subject["driver"];
  connections: number;
};

/** Ends the system when it is done with it. */
const bytesEach = async (
  system: System,
  { stage, driver, connections }: IdleOptions,
): Promise<number> => {
  try {
    const load = { system, driver, work: { kind: "sum" }, inFlight: FIRST } as const;
    const first = await prepare(stage, { ...load, sockets: FIRST });
    await first.measure({ ms: 200 });
    await delay(SETTLE_MS);
    const before = await memoryOf(system.parts[0]!);
    await prepare(stage, { ...load, sockets: connections });
    await delay(SETTLE_MS);
    return (await memoryOf(system.parts[0]!) - before) / connections;
  } finally {
    await stage.clear({ systems: false });
    await Promise.all(system.parts.map((part) => part.stop()));
  }
};

const memoryOf = async (part: Part): Promise<number> => {
  const used = await part.usage();
  return used.find(({ pid }) => pid === part.pid)?.bytes ?? 0;
};

/** Both runtimes raise what they may open to the hard limit when they start. */
const openFiles = async (): Promise<number> => {
  const limits = await readFile("/proc/self/limits", "utf8");
  return Number(/^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1] ?? Infinity);
};
