import type { Field } from "./describeInput.ts";
import { isSchema } from "./readSchema.ts";

/**
 * Whether a field's control can hold a value. What is inside of it is not looked at, as it has
 * fields of its own, except by `deep`, and for what tells one branch of a union from another.
 */
export const fits = ({ control }: Field, value: unknown, deep = false): boolean => {
  switch (control.kind) {
    case "text":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "choice":
      return control.options.includes(value);
    case "file":
      return value instanceof Uint8Array;
    case "json":
      return true;
    case "object":
      return isObject(value) && control.fields().every((field) => {
        const inner = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
        if (inner === undefined) return !field.required || !(deep || field.tag);
        return deep || field.tag ? fits(field, inner, deep) : true;
      });
    case "record":
      return isObject(value) &&
        (!deep || Object.values(value).every((one) => fits(control.item(), one, true)));
    case "list":
      return Array.isArray(value) && value.length >= control.places &&
        (control.open || value.length === control.places) &&
        (!deep || value.every((one, index) => fits(control.item(index), one, true)));
    case "union":
      return control.names.some((_, index) => fits(control.branch(index), value, deep));
  }
};

/** What of a value the fields of a form can hold as they are. */
export const fittingPart = (field: Field, value: unknown): unknown => {
  const { control } = field;
  if (control.kind !== "object" || !isObject(value)) {
    return fits(field, value, true) ? value : undefined;
  }
  const entries = control.fields().filter(({ name }) => Object.hasOwn(value, name))
    .map((part) => [part.name, fittingPart(part, value[part.name])]);
  return Object.fromEntries(entries.filter(([, part]) => part !== undefined));
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  isSchema(value) && !(value instanceof Uint8Array);
