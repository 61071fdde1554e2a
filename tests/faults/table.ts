import type { Row } from "./runScenario.ts";

const COLUMNS: { title: string; of(row: Row): string | number }[] = [
  { title: "fault", of: ({ fault }) => fault },
  { title: "engine", of: ({ engine }) => engine },
  { title: "sent", of: ({ sent }) => sent },
  { title: "ok", of: ({ ok }) => ok },
  {
    title: "typed errors",
    of: ({ errors }) =>
      Object.entries(errors).map(([code, count]) => `${code} ${count}`).join(" ") || "-",
  },
  { title: "never", of: ({ never }) => never },
  { title: "duplicates", of: ({ duplicates }) => duplicates },
  { title: "gaps", of: ({ gaps }) => gaps },
  { title: "strangers", of: ({ strangers }) => strangers },
  { title: "double starts", of: ({ doubleStarts }) => doubleStarts },
  { title: "MiB", of: ({ grown }) => `+${Math.round(grown)}` },
  { title: "s", of: ({ seconds }) => Math.round(seconds) },
  { title: "", of: ({ faults }) => faults.length === 0 ? "ok" : "FAILED" },
];

/** The rows as one table; under a row stands what did not hold in it, and what is worth knowing. */
export const formatTable = (rows: readonly Row[]): string => {
  const cells = [
    COLUMNS.map(({ title }) => title),
    ...rows.map((row) => COLUMNS.map(({ of }) => String(of(row)))),
  ];
  const widths = COLUMNS.map((_, at) => Math.max(...cells.map((line) => line[at]!.length)));
  return cells.map((line, index) => {
    const text = line.map((cell, at) => cell.padEnd(widths[at]!)).join("  ").trimEnd();
    const row = rows[index - 1];
    return [text, ...remarks(row)].join("\n");
  }).join("\n");
};

const remarks = (row?: Row): string[] => [
  ...(row?.faults ?? []).map((fault) => `  ✗ ${fault}`),
  ...(row?.notes.length ? [`  · ${row.notes.join("; ")}`] : []),
];
