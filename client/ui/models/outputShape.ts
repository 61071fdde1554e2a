/** How a list of values is best shown. */
export type OutputShape =
  | { kind: "nothing" }
  /** Numbers, booleans and nulls: in one flow. */
  | { kind: "flow" }
  /** Strings: one below the other. */
  | { kind: "lines" }
  /** Bytes: the parts of one file, or pictures. */
  | { kind: "bytes" }
  /** Flat objects (of scalars, strings, lists of these): a row each, with a column for every key any of them has. */
  | { kind: "table"; columns: readonly string[] }
  /** Anything else: each by itself. */
  | { kind: "values" };

type Kind = "flow" | "lines" | "bytes" | "row" | "values";

/** More make no table that anybody could read. */
const MAX_COLUMNS = 100;

const isScalar = (value: unknown): boolean =>
  value === null || typeof value === "number" || typeof value === "boolean";

const isPlain = (value: unknown): boolean => isScalar(value) || typeof value === "string";

const isRow = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) &&
  Object.values(value).every((cell) => Array.isArray(cell) ? cell.every(isPlain) : isPlain(cell));

const kindOf = (value: unknown): Kind => {
  if (typeof value === "string") return "lines";
  if (isScalar(value)) return "flow";
  if (value instanceof Uint8Array) return "bytes";
  return isRow(value) ? "row" : "values";
};

/** Finds the shape that all values share as they come, without looking at one twice. */
export const createShaper = () => {
  const columns = new Set<string>();
  let kind: Kind | undefined;
  let shape: OutputShape = { kind: "nothing" };

  const find = (): OutputShape => {
    if (kind !== "row") return { kind: kind ?? "nothing" };
    if (columns.size === 0 || columns.size > MAX_COLUMNS) return { kind: "values" };
    return { kind: "table", columns: [...columns] };
  };

  return {
    add(value: unknown): void {
      if (kind === "values") return;
      const [before, known] = [kind, columns.size];
      const next = kindOf(value);
      kind = kind === undefined || kind === next ? next : "values";
      if (kind === "row") { for (const key of Object.keys(value as object)) columns.add(key); }
      if (kind !== before || columns.size !== known) shape = find();
    },
    /** The same object until it changes. */
    get shape() {
      return shape;
    },
  };
};

/** Finds the shape that all values share. */
export const outputShape = (values: readonly unknown[]): OutputShape => {
  const shaper = createShaper();
  for (const value of values) shaper.add(value);
  return shaper.shape;
};

/** The parts of a result that are shown one by one; itself, unless it is a list of alike parts. */
export const partsOf = (result: unknown): readonly unknown[] => {
  if (!Array.isArray(result)) return [result];
  const { kind } = outputShape(result);
  return kind === "nothing" || kind === "values" ? [result] : result;
};
