import * as v from "valibot";
import type { Target } from "./load/driver.ts";
import { type LoadOptions, LoadResult } from "./load/runLoad.ts";
import type { BenchContext, Sample, Series } from "./scenario.ts";
import type { Stage } from "./stage.ts";
import { ratioOf } from "./statistics.ts";
import type { System } from "./systems/system.ts";

/** One side of a comparison: a system, and the load that it is to bear. */
export type Subject = {
  name: string;
  system: System;
  driver: Target["driver"];
  work: Target["work"];
  sockets: number;
  inFlight: number;
};

/** A subject whose load generator is connected. */
export type Measured = { measure(options: Pick<LoadOptions, "ms">): Promise<Sample> };

type Used = { cpuSeconds: number; peakBytes: number };

/** How long load may take beyond what it was told, in milliseconds: it is stuck then. */
const STUCK_MS = 45_000;
/** How long thousands of sockets may take to connect, in milliseconds. */
const CONNECT_MS = 120_000;

/** Connects a load generator to a subject. */
export const prepare = async (
  stage: Stage,
  { system, driver, work, sockets, inFlight }: Omit<Subject, "name">,
): Promise<Measured> => {
  const load = stage.startLoad();
  const { url, to, parts, hasBroker } = system;
  const crashed = parts.map((part) => part.crashed);
  const ask = (what: string, args: unknown, timeoutMs: number) =>
    Promise.race([load.ask(what, args, timeoutMs), ...crashed]);
  await ask("connect", { driver, url, sockets, to, work }, CONNECT_MS);
  const usageOfAll = async () => {
    const used = (await Promise.all([load, ...parts].map((part) => part.usage()))).flat();
    const broker = hasBroker ? await stage.brokerUsage() : undefined;
    return new Map<string, Used>([
      ...used.map((one) => [one.name, one] as const),
      ...(broker ? [["broker", broker] as const] : []),
    ]);
  };
  return {
    async measure({ ms }) {
      const before = await usageOfAll();
      const result = await ask("run", { inFlight, ms }, ms + STUCK_MS);
      const after = await usageOfAll();
      const usage: Sample["usage"] = {};
      for (const [name, { cpuSeconds, peakBytes }] of after) {
        const used = cpuSeconds - (before.get(name)?.cpuSeconds ?? 0);
        usage[name] = { cpuSeconds: used, peakBytes };
      }
      return { ...v.parse(LoadResult, result), usage };
    },
  };
};

/**
 * Measures some subjects in turn, A B A B, after each has warmed up: what disturbs the machine for
 * longer than a moment disturbs all of them.
 */
export const duel = async (
  { stage, rounds, ms }: BenchContext,
  subjects: readonly Subject[],
): Promise<Series[]> => {
  const all = [];
  for (const subject of subjects) {
    const { measure } = await prepare(stage, subject);
    const series: Series = { subject: subject.name, samples: [] };
    all.push({ measure, series });
  }
  for (const { measure } of all) await measure({ ms });
  for (let round = 0; round < rounds; round++) {
    for (const { measure, series } of all) series.samples.push(await measure({ ms }));
  }
  return all.map(({ series }) => series);
};

/** The ratio of a figure of two series, round by round. */
export const compare = (
  [one, other]: readonly (Series | undefined)[],
  figure: (sample: Sample) => number,
) => ratioOf((one?.samples ?? []).map(figure), (other?.samples ?? []).map(figure));

/** Requests, or chunks, per second. */
export const rate = ({ units, seconds }: Sample): number => units / seconds;
