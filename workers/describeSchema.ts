import { type ConversionConfig, toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import type { JsonSchema } from "../common/schemas/catalog.ts";
import { hoistMetadata } from "./hoistMetadata.ts";

/**
 * Writes a Valibot schema as a JSON Schema for forms and tools. It never throws: what JSON Schema
 * cannot say is left out, for the worker's own validation is the authority. Bytes become
 * `{ "type": "string", "format": "binary" }`, as in OpenAPI, a date with a time but no zone has its
 * format `date-time-local`, and the `$comment` of what JSON has no type for is its name in Valibot.
 * @param mode whether what goes in or what comes out is described, where a schema transforms
 */
export const describeSchema = (schema: v.GenericSchema, mode: "input" | "output"): JsonSchema => {
  try {
    const described = toJsonSchema(mode === "input" ? hoistMetadata(schema) : schema, {
      typeMode: mode,
      errorMode: "ignore",
      overrideSchema,
      overrideAction,
    });
    return JSON.parse(JSON.stringify(described, onlyJson)) as JsonSchema;
  } catch {
    return {};
  }
};

const overrideSchema: ConversionConfig["overrideSchema"] = (
  { valibotSchema, jsonSchema, errors },
) => {
  const { type } = valibotSchema;
  if (isBytes(valibotSchema)) return { type: "string", format: "binary" };
  // A request carries their bytes (`takeFiles`).
  if (type === "file" || type === "blob") {
    return { type: "string", format: "binary", $comment: type };
  }
  return errors && !jsonSchema.type ? { ...jsonSchema, $comment: type } : undefined;
};

const overrideAction: ConversionConfig["overrideAction"] = ({ valibotAction, jsonSchema }) => {
  switch (valibotAction.type) {
    case "iso_date_time":
      return { ...jsonSchema, format: "date-time-local" };
    case "iso_time_second":
      return { ...jsonSchema, format: "time" };
  }
};

/** What metadata and defaults hold that JSON cannot write is left out, not all around it too. */
const onlyJson = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" || ArrayBuffer.isView(value) ? undefined : value;

const isBytes = (schema: v.GenericSchema): boolean =>
  schema.type === "instance" && "class" in schema && isByteClass(schema.class);

const isByteClass = (made: unknown): boolean =>
  made === Uint8Array || (typeof made === "function" && made.prototype instanceof Uint8Array);
