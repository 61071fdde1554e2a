import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import { optionText } from "./optionText.ts";

/** Whether something is a schema, and no list of them. */
export const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const stringOf = (value: unknown) => (typeof value === "string" ? value : undefined);
export const numberOf = (value: unknown) => (typeof value === "number" ? value : undefined);

const ANNOTATIONS = [
  "$schema",
  "$defs",
  "$comment",
  "title",
  "description",
  "examples",
  "default",
  "secret",
];

/** Whether a schema refuses anything. */
export const isConstrained = (schema: JsonSchema): boolean =>
  Object.keys(schema).some((key) => !ANNOTATIONS.includes(key));

/** All values that a schema takes, where these are few and it lists them. */
export const constantsOf = (schema: JsonSchema): unknown[] | undefined => {
  if (Array.isArray(schema.enum)) return schema.enum;
  if (Object.hasOwn(schema, "const")) return [schema.const];
  if (schema.type === "null") return [null];
  const branches = listOf(schema.anyOf ?? schema.oneOf);
  if (branches.length === 0) return undefined;
  const constants = branches.map((branch) =>
    !isSchema(branch) ? undefined : branch.type === "boolean" ? [true, false] : constantsOf(branch)
  );
  return constants.includes(undefined) ? undefined : constants.flatMap((one) => one ?? []);
};

const propertiesOf = ({ properties }: JsonSchema): JsonSchema =>
  isSchema(properties) ? properties : {};

/**
 * The keys by which objects can be told apart: each of these holds one constant in all of them, or
 * some that no other holds.
 */
export const sharedTags = (schemas: JsonSchema[]): string[] => {
  const tells = (key: string): boolean => {
    const each = schemas.map((schema) => {
      const property = propertiesOf(schema)[key];
      return isSchema(property) ? constantsOf(property) : undefined;
    });
    const all = each.flatMap((constants) => constants ?? []);
    return !each.includes(undefined) &&
      (all.length === each.length || new Set(all).size === all.length);
  };
  return Object.keys(propertiesOf(schemas[0] ?? {})).filter(tells);
};

/** What a branch of a union is called. */
export const branchName = (schema: JsonSchema, tags: string[]): string => {
  const properties = propertiesOf(schema);
  const constants = tags.map((key) =>
    constantsOf(properties[key] as JsonSchema)?.map(String).join(" or ")
  );
  return stringOf(schema.title) ?? (constants.join(", ") || typeName(schema));
};

const TYPE_NAMES: Record<string, string> = {
  string: "Text",
  number: "Number",
  integer: "Whole number",
  boolean: "Yes or no",
  null: "Nothing (null)",
};

const typeName = (schema: JsonSchema): string => {
  const { type, format, items } = schema;
  const constants = constantsOf(schema);
  if (format === "binary") return "File";
  if (constants && type !== "null") return constants.map(optionText).join(" or ");
  if (type === "array") return isSchema(items) ? `List: ${typeName(items)}` : "List";
  if (type === "object") {
    return ["Object", Object.keys(propertiesOf(schema)).join(", ")].filter(Boolean).join(": ");
  }
  return TYPE_NAMES[`${type}`] ?? stringOf(schema.$comment) ?? "Anything";
};
