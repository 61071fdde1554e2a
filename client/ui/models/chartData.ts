import type { OutputShape } from "./outputShape.ts";
import { cellOf } from "./sortRows.ts";

/** What a line chart shows: a line for each series over shared positions. */
export type ChartData = {
  /** Seconds since 1970 where `isTime`, else the numbers of the values. */
  xs: number[];
  isTime: boolean;
  /** The name is a column's; empty where the values themselves are numbers. */
  series: { name: string; ys: (number | null)[] }[];
};

/** More lines are a table. */
const MAX_SERIES = 8;
const TIME = /^(?:time|timestamp|date|at|t)$/i;

/** The series that values are, if all of them are numbers, or flat objects of numbers and a time. */
export const chartData = (
  values: readonly unknown[],
  { shape, first }: { shape: OutputShape; first: number },
): ChartData | undefined => {
  if (values.length < 2) return undefined;
  const columns = shape.kind === "table" ? shape.columns : [];
  const timeColumn = columns.find((column) => TIME.test(column));
  const names = shape.kind === "flow" ? [""] : columns.filter((column) => column !== timeColumn);
  if (names.length === 0 || names.length > MAX_SERIES) return undefined;
  const series: ChartData["series"] = [];
  for (const name of names) {
    const ys = numbersOf(name === "" ? values : values.map((value) => cellOf(value, name)));
    if (!ys) return undefined;
    series.push({ name, ys });
  }
  const times = timeColumn === undefined
    ? undefined
    : values.map((value) => secondsOf(cellOf(value, timeColumn)));
  if (times?.some(Number.isNaN)) return undefined;
  const xs = times ?? values.map((_, at) => first + at);
  return { xs, isTime: times !== undefined, series };
};

/** The points of a line, in which null is a gap; undefined when they are none. */
const numbersOf = (values: readonly unknown[]): (number | null)[] | undefined => {
  const ys = values.map((value) => value ?? null);
  const isLine = ys.every((y) => y === null || typeof y === "number");
  return isLine && ys.some((y) => y !== null) ? ys as (number | null)[] : undefined;
};

const secondsOf = (value: unknown): number => {
  if (typeof value === "string") return Date.parse(value) / 1_000;
  // Milliseconds, unless that would be long ago.
  return typeof value === "number" ? (value > 1e11 ? value / 1_000 : value) : NaN;
};
