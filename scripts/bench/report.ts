import { isMet, type Outcome, type Series, type Verdict } from "./scenario.ts";
import { median, type Range, rangeOf } from "./statistics.ts";

/** Above this share of one core a load generator may be what limits the figure. */
const MOST_SHARE = 0.8;
const MIB = 1_048_576;

/** What a scenario found, as lines of text. */
export const report = ({ series, verdicts, notes = [] }: Outcome): string =>
  [...series.map(describe), ...verdicts.map(judge), ...notes.map((note) => `  · ${note}`)]
    .join("\n");

/** The verdicts as a Markdown table, to be kept in `BENCHMARKS.md`. */
export const summarise = (found: readonly { name: string; verdicts: Verdict[] }[]): string =>
  [
    "| scenario | what | min – median – max | goal | |",
    "| --- | --- | --- | --- | --- |",
    ...found.flatMap(({ name, verdicts }) =>
      verdicts.map((verdict) => {
        const { what, range, unit = "" } = verdict;
        const cells = [name, what, spread(range) + unit, wantedOf(verdict), outcomeOf(verdict)];
        return `| ${cells.join(" | ")} |`;
      })
    ),
  ].join("\n");

const describe = ({ subject, samples }: Series): string => {
  const rates = rangeOf(samples.map(({ units, seconds }) => units / seconds));
  const middle = (figure: (sample: typeof samples[number]) => number) =>
    median(samples.map(figure));
  const share = middle((sample) => sample.share);
  const names = Object.keys(samples.at(-1)?.usage ?? {});
  const cpu = names.map((name) =>
    `${name} ${
      middle(({ usage, units }) => (usage[name]?.cpuSeconds ?? 0) / units * 1_000).toFixed(3)
    }`
  );
  const memory = names.map((name) => {
    const peak = Math.max(...samples.map(({ usage }) => usage[name]?.peakBytes ?? 0));
    return `${name} ${Math.round(peak / MIB)}`;
  });
  const bound = share > MOST_SHARE ? " — a lower bound: it may be what limits this row" : "";
  const p50 = middle((sample) => sample.p50);
  const p99 = middle((sample) => sample.p99);
  return [
    `  ${subject}: ${spread(rates)}/s, p50 ${figure(p50)} ms, p99 ${figure(p99)} ms`,
    `      CPU s per 1,000: ${cpu.join(", ")}`,
    `      peak MiB: ${memory.join(", ")}`,
    `      load generator: ${Math.round(share * 100)} % of a core${bound}`,
  ].join("\n");
};

const judge = (verdict: Verdict): string => {
  const { what, range, unit = "" } = verdict;
  const outcome = outcomeOf(verdict).padEnd(6);
  return `  ${outcome} ${what}: ${spread(range)}${unit} (goal ${wantedOf(verdict)})`;
};

const outcomeOf = (verdict: Verdict): string => isMet(verdict) ? "met" : "MISSED";

const wantedOf = ({ goal, unit = "" }: Verdict): string =>
  ("least" in goal ? `≥ ${goal.least}` : `≤ ${goal.most}`) + unit;

const spread = ({ min, median, max }: Range): string => [min, median, max].map(figure).join(" – ");

/** Three digits, and no more than the figure is worth. */
const figure = (value: number): string =>
  value >= 100
    ? Math.round(value).toLocaleString("en")
    : value.toLocaleString("en", { maximumSignificantDigits: 3 });
