import * as v from "valibot";

type Check = (value: unknown) => boolean;
type Field = { key: string; isOptional: boolean; fits: Check };

/** How often V8 is shown the keys of each: it notes nothing of what a function does first. */
const LESSONS = 4;

/**
 * A `v.object` for messages, of which nearly all are as they should be: it looks whether that is so,
 * and gives the very object, where Valibot's own makes a new one field by field. What has a fault,
 * an undeclared field or a default goes Valibot's way, so that what it gives is the same.
 */
export const objectOf = <const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.ObjectSchema<Entries, undefined> => {
  const object = v.object(entries);
  const fields = Object.entries(entries).map(([key, schema]) => fieldOf(key, schema));
  // Valibot's loop is left to plugins' schemas then. While it has seen few keys, V8 compiles it for
  // one of them, and again and again for the next.
  const blank = Object.fromEntries(fields.map(({ key }) => [key, undefined]));
  for (let i = 0; i < LESSONS; i++) object["~run"]({ value: blank }, {});

  const isFine = (value: Record<string, unknown>): boolean => {
    let known = 0;
    for (const { key, isOptional, fits } of fields) {
      const field = value[key];
      if (field === undefined ? !isOptional : !fits(field)) return false;
      if (field !== undefined) known++;
    }
    for (const _ in value) known--;
    return known === 0;
  };

  return {
    ...object,
    "~run"(dataset, config) {
      const { value } = dataset;
      if (!isPlain(value) || !isFine(value)) return object["~run"](dataset, config);
      // That it is what its type says was looked for.
      return { typed: true, value } as v.SuccessDataset<v.InferOutput<typeof object>>;
    },
  };
};

/** Of anything else more than its own fields may be read, or less be seen. */
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null &&
  Object.getPrototypeOf(value) === Object.prototype;

const fieldOf = (key: string, schema: v.GenericSchema): Field => {
  const { type, wrapped, default: otherwise } = schema as Partial<
    v.OptionalSchema<v.GenericSchema, unknown>
  >;
  if (type !== "optional" || wrapped === undefined || "pipe" in schema) {
    return { key, isOptional: false, fits: checkOf(schema) };
  }
  return { key, isOptional: otherwise === undefined, fits: checkOf(wrapped) };
};

/** What is asked most, without all that Valibot makes for an answer with its reasons. */
const TYPES: Record<string, Check> = {
  unknown: () => true,
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number" && !Number.isNaN(value),
};
const ACTIONS: Record<string, (requirement: never) => Check> = {
  regex: (regex: RegExp) => (value) => regex.test(value as string),
  min_length: (least: number) => (value) => (value as string).length >= least,
  max_length: (most: number) => (value) => (value as string).length <= most,
  min_value: (least: number) => (value) => (value as number) >= least,
  max_value: (most: number) => (value) => (value as number) <= most,
  integer: () => Number.isInteger,
};

/** What there may be in a schema, or in a part of its pipe: by its type. */
type Part = { type: string; requirement?: unknown };
type Parts = Part & { pipe?: Part[]; literal?: unknown; item?: v.GenericSchema };

const checkOf = (schema: v.GenericSchema): Check => {
  // A generic schema's type says nothing of what only some have.
  const { type, pipe, literal, item } = schema as Parts;
  if (type === "literal" && pipe === undefined) return (value) => value === literal;
  if (type === "array" && pipe === undefined && item) {
    const fits = checkOf(item);
    return (value) => Array.isArray(value) && value.every(fits);
  }
  // What each action requires is of the type that its check takes.
  const [first, ...checks] = (pipe ?? [schema as Part]).map((part) =>
    TYPES[part.type] ?? ACTIONS[part.type]?.(part.requirement as never)
  );
  if (first && !checks.includes(undefined)) {
    return (value) => first(value) && checks.every((check) => check!(value));
  }
  // Where it gives something else, that has to be put in its place.
  return (value) => {
    const { typed, issues, value: given } = schema["~run"]({ value }, {});
    return typed && issues === undefined && given === value;
  };
};
