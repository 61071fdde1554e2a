import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import { isSchema, listOf, stringOf } from "./readSchema.ts";

/** No reference leads to another so often, unless they go in a circle. */
const MAX_REFERENCES = 16;

/**
 * Reads what a schema within `root` comes to: without a reference at its top, with all that an
 * intersection of objects asks for, and with what is said of a value that may be null as well.
 */
export const createResolve = (root: JsonSchema): (schema: unknown) => JsonSchema => {
  const defs = isSchema(root.$defs) ? root.$defs : {};

  const follow = (given: unknown, depth = 0): JsonSchema => {
    const schema = isSchema(given) && depth < MAX_REFERENCES ? given : {};
    const { $ref, ...more } = schema;
    if (typeof $ref !== "string") return merge(schema, depth);
    return { ...follow(defs[$ref.replace("#/$defs/", "")], depth + 1), ...more };
  };

  const merge = (schema: JsonSchema, depth: number): JsonSchema => {
    const all = listOf(schema.allOf).map((part) => follow(part, depth + 1));
    if (all.length === 0 || !all.every(({ type }) => type === "object")) return schema;
    const { allOf: _, ...more } = schema;
    return {
      ...Object.assign({}, ...all),
      ...more,
      properties: Object.assign({}, ...all.map(({ properties }) => properties)),
      required: all.flatMap(({ required }) => listOf(required)),
    };
  };

  /** What is said of the value of a nullable is said of the nullable. */
  const lift = (schema: JsonSchema): JsonSchema => {
    const [inner, nothing, ...more] = listOf(schema.anyOf);
    if (!isSchema(nothing) || nothing.type !== "null" || more.length > 0) return schema;
    const { title, description, examples, secret, ...rest } = follow(inner);
    const anyOf = [refOf(inner) ? inner : rest, nothing];
    return { title, description, examples, secret, ...schema, anyOf };
  };

  return (schema) => lift(follow(schema));
};

/** The reference that a schema is; empty for none. */
export const refOf = (schema: unknown): string => (isSchema(schema) && stringOf(schema.$ref)) || "";

/** The branches of a union, with those of unions in it, but not of what it refers to: no end. */
export const branchesOf = (schema: unknown): unknown[] => {
  const branches = isSchema(schema) ? listOf(schema.anyOf ?? schema.oneOf) : [];
  return branches.flatMap((one) => {
    const inner = branchesOf(one);
    return inner.length > 0 ? inner : [one];
  });
};
