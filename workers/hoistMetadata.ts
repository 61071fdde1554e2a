import type { GenericSchema } from "valibot";

/** What is made of a schema, or of a part of one, is a plain object. */
type Part = Record<string, unknown>;
type Getter = (input: unknown) => unknown;

/** Where a schema holds others: one, a list of them, or by key. */
const HOLDERS = ["wrapped", "item", "items", "rest", "entries", "options", "key", "value"];

/**
 * A copy of a schema, to describe what goes in, whose titles, examples and other metadata stand
 * before the transformations of their pipes. The description of an input ends at the first of
 * those, but `v.pipe(v.string(), v.transform(Number), v.title("Port"))` has its title all the same.
 */
export const hoistMetadata = (schema: GenericSchema): GenericSchema => {
  const done = new Map<unknown, unknown>();

  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== "object" || value === null) return value;
    if (!done.has(value)) copyPart(value as Part);
    return done.get(value);
  };

  const copyPart = (part: Part): void => {
    const made = { ...part };
    done.set(part, made);
    const isSchema = typeof part.kind === "string";
    for (const name of isSchema ? HOLDERS : Object.keys(part)) {
      if (name in part) made[name] = copy(part[name]);
    }
    if (isPipe(part)) made.pipe = hoist(flatten(part)).map(copy);
    if (typeof part.getter === "function") made.getter = copyGetter(part.getter as Getter);
  };

  // One copy for each: it is by its getter that a schema which holds itself is known.
  const copyGetter = (getter: Getter): unknown => {
    if (!done.has(getter)) done.set(getter, (input: unknown) => copy(getter(input)));
    return done.get(getter);
  };

  return copy(schema) as GenericSchema;
};

const isPipe = (part: Part): part is Part & { pipe: Part[] } => Array.isArray(part.pipe);

const flatten = (part: Part): Part[] => isPipe(part) ? part.pipe.flatMap(flatten) : [part];

const hoist = ([first, ...others]: Part[]): unknown[] => [
  first,
  ...others.filter(({ kind }) => kind === "metadata"),
  ...others.filter(({ kind }) => kind !== "metadata"),
];
