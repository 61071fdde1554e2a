/** How a list of values is best shown. */
export type OutputShape =
  | { kind: "nothing" }
  /** Numbers, booleans and nulls: in one flow. */
  | { kind: "flow" }
  /** Strings: one below the other. */
  | { kind: "lines" }
  /** Flat objects (of scalars, strings, lists of these): a row each, with a column for every key any of them has. */
  | { kind: "table"; columns: string[] }
  /** Anything else: each by itself. */
  | { kind: "values" };

type Kind = "scalar" | "string" | "row" | "other";

const isScalar = (value: unknown): boolean =>
  value === null || typeof value === "number" || typeof value === "boolean";

const isPlain = (value: unknown): boolean => isScalar(value) || typeof value === "string";

const isRow = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) &&
  !(value instanceof Uint8Array) &&
  Object.values(value).every((cell) => (Array.isArray(cell) ? cell : [cell]).every(isPlain));

const kindOf = (value: unknown): Kind => {
  if (typeof value === "string") return "string";
  if (isScalar(value)) return "scalar";
  return isRow(value) ? "row" : "other";
};

/** Finds the shape that all values share. */
export const outputShape = (values: readonly unknown[]): OutputShape => {
  const kinds = new Set(values.map(kindOf));
  const [kind] = kinds;
  if (kind === undefined) return { kind: "nothing" };
  if (kinds.size > 1 || kind === "other") return { kind: "values" };
  if (kind === "scalar") return { kind: "flow" };
  if (kind === "string") return { kind: "lines" };
  const columns = new Set(values.flatMap((value) => (isRow(value) ? Object.keys(value) : [])));
  return columns.size === 0 ? { kind: "values" } : { kind: "table", columns: [...columns] };
};

/** The parts of a result that are shown one by one; itself, unless it is a list of alike parts. */
export const partsOf = (result: unknown): readonly unknown[] => {
  if (!Array.isArray(result)) return [result];
  const { kind } = outputShape(result);
  return kind === "nothing" || kind === "values" ? [result] : result;
};
