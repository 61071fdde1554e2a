import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import type { JsonSchema } from "../common/schemas/catalog.ts";

/**
 * Writes a Valibot schema as a JSON Schema for forms and tools. It never throws: what JSON Schema
 * cannot say is left out, for the worker's own validation is the authority. Bytes become
 * `{ "type": "string", "format": "binary" }`, as in OpenAPI.
 * @param mode whether what goes in or what comes out is described, where a schema transforms
 */
export const describeSchema = (schema: v.GenericSchema, mode: "input" | "output"): JsonSchema => {
  try {
    const described = toJsonSchema(schema, {
      typeMode: mode,
      errorMode: "ignore",
      overrideSchema: ({ valibotSchema }) =>
        isBytes(valibotSchema) ? { type: "string", format: "binary" } : undefined,
    });
    // What is written is plain JSON; functions among metadata and defaults go.
    return JSON.parse(JSON.stringify(described)) as JsonSchema;
  } catch {
    return {};
  }
};

const isBytes = (schema: v.GenericSchema): boolean =>
  schema.type === "instance" && "class" in schema && isByteClass(schema.class);

const isByteClass = (made: unknown): boolean =>
  made === Uint8Array || (typeof made === "function" && made.prototype instanceof Uint8Array);
