import { cellOf } from "./sortRows.ts";

const [MIN, MAX] = [6, 40];

/** How wide columns are in characters, by what is in some of their rows: so they keep their width. */
export const columnWidths = (rows: readonly unknown[], columns: readonly string[]): number[] =>
  columns.map((column) => {
    const lengths = rows.map((row) => String(cellOf(row, column) ?? "").length);
    return Math.min(MAX, Math.max(MIN, column.length + 2, ...lengths) + 3);
  });
