import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import { branchesOf, createResolve, refOf } from "./createResolve.ts";
import {
  branchName,
  constantsOf,
  isConstrained,
  isSchema,
  listOf,
  numberOf,
  sharedTags,
  stringOf,
} from "./readSchema.ts";

/** What a value is given with. Fields within are made when asked for: a schema may hold itself. */
export type Control =
  | { kind: "text"; type: TextType; multiline: boolean; seconds?: boolean }
  /** `above` and `below` are themselves no values it takes. */
  | ({ kind: "number"; integer: boolean } & Bounds)
  | { kind: "boolean" }
  | { kind: "choice"; options: unknown[] }
  | { kind: "file" }
  /** Whatever has no control of its own; no `schema`: it takes anything. */
  | { kind: "json"; schema?: JsonSchema }
  | { kind: "object"; fields(): Field[] }
  /** Items with places of their own, and, where it is `open`, more after them. */
  | {
    kind: "list";
    places: number;
    open: boolean;
    min: number;
    max?: number;
    item(index: number): Field;
  }
  | { kind: "record"; item(): Field }
  /** `first`: which branch it begins with, -1 for none. */
  | { kind: "union"; names: string[]; first: number; branch(index: number): Field };

/** What a number lies within. */
export type Bounds = { min?: number; max?: number; above?: number; below?: number };

/** The `type` of an input element, where a text has a format. */
export type TextType = "text" | "email" | "url" | "date" | "time" | "datetime-local";

/** One field of a form. */
export type Field = {
  /** Its key in what holds it; empty when it has none. */
  name: string;
  title: string;
  description?: string;
  required: boolean;
  /** It is not shown, stored or put into a link. */
  secret: boolean;
  /** It says which branch of a union this is. */
  tag?: boolean;
  /** It holds one constant, which the control of its union shows. */
  hidden?: boolean;
  control: Control;
  /** What stands in it at first: an example where something must stand there, or its default. */
  initial?: unknown;
  placeholder?: string;
  /** Why it has no better control. */
  notice?: string;
};

const TEXT_TYPES = new Map<unknown, TextType>([
  ["email", "email"],
  ["uri", "url"],
  ["date", "date"],
  ["time", "time"],
  ["date-time-local", "datetime-local"],
]);

/** What neither JSON nor bytes can be, so that nothing given for it would ever be taken. */
const NEVER_SENT = /^(?:date|bigint|map|set|symbol|function|promise)$/;

/** Finds the controls for a handler's input in its JSON Schema. */
export const describeInput = (root: JsonSchema): Field => {
  const resolve = createResolve(root);

  /** `trail`: the references that led here. What leads to itself is not made before it is wanted. */
  const describe = (name: string, given: unknown, { required, trail }: Place): Field => {
    const schema = resolve(given);
    const { description, examples, secret, $comment: type } = schema;
    const [example] = listOf(examples);
    const ref = refOf(given);
    const recursive = trail.includes(ref);
    const control = recursive && required && schema.type === "object"
      ? jsonOf(schema) // It must hold itself: no value ever can, and no form.
      : controlOf(name, schema, { required, trail: ref ? [...trail, ref] : trail });
    const filled = required || schema.default !== undefined && !recursive;
    return {
      name,
      title: stringOf(schema.title) ?? name,
      description: stringOf(description),
      required,
      secret: secret === true,
      control: recursive && control.kind === "union" ? { ...control, first: -1 } : control,
      initial: filled ? example ?? schema.default : undefined,
      placeholder: secret ? undefined : placeholderOf(schema, example),
      notice: control.kind !== "json" || (type ?? control.schema) === undefined
        ? undefined
        : NEVER_SENT.test(`${type}`)
        ? `No request can hold a "${type}": the handler must take JSON or bytes instead.`
        : `There is no control for ${type ? `a "${type}"` : "this"}: give what it takes as JSON.`,
    };
  };

  /** A field that is made when it is wanted, so that it may be of a schema that it is in. */
  const describeLater = (given: unknown, trail: string[]): Field =>
    describe("", given, { required: true, trail: trail.filter((ref) => ref !== refOf(given)) });

  const controlOf = (name: string, schema: JsonSchema, place: Place): Control => {
    const { required, trail } = place;
    const options = constantsOf(schema);
    if (options) return { kind: "choice", options };
    const branches = branchesOf(schema);
    if (branches.length > 0) return unionOf(branches, trail);
    switch (schema.type) {
      case "string": {
        if (schema.format === "binary") return { kind: "file" };
        const type = TEXT_TYPES.get(schema.format) ?? "text";
        const seconds = type === "time" && schema.pattern !== undefined;
        return { kind: "text", type, multiline: type === "text" && isLong(name, schema), seconds };
      }
      case "integer":
      case "number": {
        const [min, max] = [numberOf(schema.minimum), numberOf(schema.maximum)];
        const above = numberOf(schema.exclusiveMinimum);
        const below = numberOf(schema.exclusiveMaximum);
        return { kind: "number", integer: schema.type === "integer", min, max, above, below };
      }
      case "boolean":
        // A box is ticked or not; where neither is a third possibility it takes a list.
        return required || schema.default !== undefined
          ? { kind: "boolean" }
          : { kind: "choice", options: [true, false] };
      case "object":
        return objectOf(schema, trail) ?? jsonOf(schema);
      case "array":
        return listOfItems(schema, trail);
    }
    const isNothing = schema.$comment === "void" || schema.$comment === "undefined";
    return isNothing ? { kind: "object", fields: () => [] } : jsonOf(schema);
  };

  const jsonOf = (schema: JsonSchema): Control => ({
    kind: "json",
    schema: isConstrained(schema) ? schema : undefined,
  });

  const objectOf = (schema: JsonSchema, trail: string[]) => {
    const { properties, additionalProperties, required } = schema;
    const names = isSchema(properties) ? Object.keys(properties) : [];
    if (names.length === 0 && isSchema(additionalProperties)) {
      return { kind: "record", item: () => describeLater(additionalProperties, trail) } as const;
    }
    if (!isSchema(properties)) return undefined;
    const needed = listOf(required);
    const fields = () =>
      names.map((name) =>
        describe(name, properties[name], { required: needed.includes(name), trail })
      );
    return { kind: "object", fields } as const;
  };

  const listOfItems = (schema: JsonSchema, trail: string[]): Control => {
    const { items, additionalItems, minItems, maxItems } = schema;
    const places = listOf(items);
    const rest = Array.isArray(items) ? additionalItems : items ?? {};
    const min = trail.includes(refOf(rest)) ? 0 : numberOf(minItems) ?? 0;
    const max = numberOf(maxItems);
    const item = (index: number) => describeLater(places[index] ?? rest, trail);
    return { kind: "list", places: places.length, open: isSchema(rest), min, max, item };
  };

  const unionOf = (given: unknown[], trail: string[]): Control => {
    const branches = given.map(resolve);
    const tags = sharedTags(branches);
    const names = branches.map((branch) => branchName(branch, tags));
    const first = given.findIndex((branch) => !trail.includes(refOf(branch)));
    const branch = (index: number): Field => {
      const field = describeLater(given[index], trail);
      const { control } = field;
      if (control.kind !== "object") return field;
      const fields = () =>
        control.fields().map((one) => {
          const tag = tags.includes(one.name);
          return { ...one, tag, hidden: tag && isLone(one.control) };
        });
      return { ...field, control: { kind: "object", fields } };
    };
    return { kind: "union", names, first, branch };
  };

  const required = isConstrained(root);
  return describe("", { title: "Input", ...root }, { required, trail: [] });
};

const isLone = (control: Control): boolean =>
  control.kind === "choice" && control.options.length === 1;

type Place = { required: boolean; trail: string[] };

const placeholderOf = ({ format }: JsonSchema, example: unknown): string | undefined => {
  const shown = example ?? (format === "date-time" ? "2026-01-31T10:20:30Z" : undefined);
  return shown === undefined || Object(shown) === shown ? undefined : `${shown}`;
};

const isLong = (name: string, schema: JsonSchema): boolean =>
  schema.multiline === true || name === "text" || (numberOf(schema.maxLength) ?? 0) > 200 ||
  `${schema.default ?? ""}${listOf(schema.examples)[0] ?? ""}`.includes("\n");
