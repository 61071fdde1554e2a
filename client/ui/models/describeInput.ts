import type { JsonSchema } from "../../../common/schemas/catalog.ts";

/** What a value is typed into. */
export type Control =
  | { kind: "text"; multiline: boolean }
  | { kind: "number"; integer: boolean; min?: number; max?: number }
  | { kind: "boolean" }
  | { kind: "choice"; options: unknown[] }
  | { kind: "file" }
  /** Whatever has no control of its own; no `schema`: it takes anything. */
  | { kind: "json"; schema?: JsonSchema };

/** One field of a form. */
export type Field = {
  /** Its key in the input; empty when the field is the whole input. */
  name: string;
  title: string;
  description?: string;
  required: boolean;
  control: Control;
  /** What stands in it at first, as `text` of a field model: a default, or an example. */
  initial: string;
  placeholder?: string;
};

/** The fields of a form; `whole` when the one field is the input itself, not a part of it. */
export type InputDescription = { whole: boolean; fields: Field[] };

/** Finds the controls for a handler's input in its JSON Schema. */
export const describeInput = (schema: JsonSchema): InputDescription => {
  const properties = schema.type === "object" ? entriesOf(schema.properties) : [];
  if (properties.length === 0 && !takesNothing(schema)) {
    const field = describeField("", { title: "Input", ...schema }, isConstrained(schema));
    return { whole: true, fields: [field] };
  }
  const required = Array.isArray(schema.required) ? schema.required : [];
  const fields = properties.map(([name, inner]) =>
    describeField(name, isSchema(inner) ? inner : {}, required.includes(name))
  );
  return { whole: false, fields };
};

/** How a choice is written in a list: text in quotes only where it could not be seen. */
export const optionText = (option: unknown): string =>
  typeof option === "string" && /^\S+( \S+)*$/.test(option) ? option : JSON.stringify(option);

const takesNothing = ({ type, properties, additionalProperties }: JsonSchema): boolean =>
  type === "object" && isSchema(properties) && !additionalProperties;

const ANNOTATIONS = ["$schema", "title", "description", "examples", "default"];
const isConstrained = (schema: JsonSchema): boolean =>
  Object.keys(schema).some((key) => !ANNOTATIONS.includes(key));

const describeField = (name: string, schema: JsonSchema, required: boolean): Field => {
  const example = Array.isArray(schema.examples) ? schema.examples[0] : undefined;
  const control = controlOf(name, schema, { required, sample: schema.default ?? example });
  // An example fills what must be filled: so the first run of a handler takes one click.
  const initial = toText(control, schema.default ?? (required ? example : undefined));
  return {
    name,
    title: textOf(schema.title) ?? name,
    description: textOf(schema.description),
    required,
    control,
    initial,
    placeholder: toText(control, example) || undefined,
  };
};

const controlOf = (
  name: string,
  schema: JsonSchema,
  { required, sample }: { required: boolean; sample: unknown },
): Control => {
  const options = optionsOf(schema);
  if (options) return { kind: "choice", options };
  switch (schema.type) {
    case "string": {
      if (schema.format === "binary") return { kind: "file" };
      const long = (numberOf(schema.maxLength) ?? 0) > 200;
      const multiline = long || name === "text" || String(sample).includes("\n");
      return { kind: "text", multiline };
    }
    case "integer":
    case "number": {
      const [min, max] = [numberOf(schema.minimum), numberOf(schema.maximum)];
      return { kind: "number", integer: schema.type === "integer", min, max };
    }
    case "boolean":
      // A box is either ticked or not; where neither is a third possibility it takes a list.
      return required || schema.default !== undefined
        ? { kind: "boolean" }
        : { kind: "choice", options: [true, false] };
    default:
      return { kind: "json", schema: isConstrained(schema) ? schema : undefined };
  }
};

const optionsOf = (schema: JsonSchema): unknown[] | undefined => {
  if (Array.isArray(schema.enum)) return schema.enum;
  if (Object.hasOwn(schema, "const")) return [schema.const];
  if (!Array.isArray(schema.anyOf)) return undefined;
  const constants = schema.anyOf.filter((one) => isSchema(one) && Object.hasOwn(one, "const"));
  return constants.length === schema.anyOf.length ? constants.map((one) => one.const) : undefined;
};

const toText = (control: Control, value: unknown): string => {
  if (control.kind === "boolean") return String(value === true);
  if (control.kind === "choice") {
    const { options } = control;
    if (value === undefined) return options.length === 1 ? "0" : "";
    const at = options.findIndex((option) => optionText(option) === optionText(value));
    return at < 0 ? "" : String(at);
  }
  if (value === undefined || control.kind === "file") return "";
  return control.kind === "json" ? JSON.stringify(value, null, 2) : String(value);
};

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const entriesOf = (value: unknown) => (isSchema(value) ? Object.entries(value) : []);
const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);
const numberOf = (value: unknown) => (typeof value === "number" ? value : undefined);
