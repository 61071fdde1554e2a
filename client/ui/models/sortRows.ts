/** The column that rows are sorted by, and which way. */
export type Sort = { column: string; descending: boolean };

/**
 * The indices of rows in the order of a column: numbers before text, by value, and what is not
 * there at the end, whichever way. Rows that are equal stay as they came.
 */
export const sortRows = (rows: readonly unknown[], { column, descending }: Sort): Uint32Array => {
  const keys = rows.map((row) => keyOf(cellOf(row, column)));
  const way = descending ? -1 : 1;
  return Uint32Array.from(keys.keys()).sort((one, other) => {
    const [a, b] = [keys[one], keys[other]];
    if (a === b) return one - other;
    if (a === undefined) return 1;
    if (b === undefined) return -1;
    if (typeof a !== typeof b) return typeof a === "number" ? -way : way;
    return a < b ? -way : way;
  });
};

/** The cell of a row, whatever its column is called; undefined where it has none. */
export const cellOf = (row: unknown, column: string): unknown =>
  Object.hasOwn(row as object, column) ? (row as Record<string, unknown>)[column] : undefined;

const keyOf = (cell: unknown): number | string | undefined => {
  if (typeof cell === "number" || cell === undefined || cell === null) return cell ?? undefined;
  return typeof cell === "string" ? cell : JSON.stringify(cell);
};
