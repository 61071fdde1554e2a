import type { LoadResult } from "./load/runLoad.ts";
import type { Stage } from "./stage.ts";
import type { Range } from "./statistics.ts";

/** One measurement of one subject, with what every process of it used meanwhile. */
export type Sample = LoadResult & {
  usage: Record<string, { cpuSeconds: number; peakBytes: number }>;
};

/** All rounds of one subject. */
export type Series = { subject: string; samples: Sample[] };

/** A ratio, or another figure, and what it should be: at least, or at most. */
export type Verdict = {
  what: string;
  range: Range;
  unit?: string;
  goal: { least: number } | { most: number };
};

/** What a scenario found. */
export type Outcome = { series: Series[]; verdicts: Verdict[]; notes?: string[] };

/** What a scenario works with. */
export type BenchContext = {
  stage: Stage;
  /** Whether this is the form that takes less than a minute for all. */
  quick: boolean;
  rounds: number;
  /** Milliseconds of one measurement. */
  ms: number;
};

/** One row of the table of goals. */
export type Scenario = {
  /** Its name for `--only`. */
  name: string;
  title: string;
  run(context: BenchContext): Promise<Outcome>;
};

/** Whether a goal is met: by the middle of the rounds. */
export const isMet = ({ range, goal }: Verdict): boolean =>
  "least" in goal ? range.median >= goal.least : range.median <= goal.most;
