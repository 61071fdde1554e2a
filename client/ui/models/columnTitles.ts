import type { JsonSchema } from "../../../common/schemas/catalog.ts";

/** How a column is headed. */
export type ColumnTitle = { title?: string; description?: string };

/** The headings of columns by key, from the schema of a row or of a list of rows. */
export const columnTitles = (schema: JsonSchema): Record<string, ColumnTitle> => {
  const row = isObject(schema.items) ? schema.items : schema;
  const properties = isObject(row.properties) ? row.properties : {};
  return Object.fromEntries(
    Object.entries(properties).map(([key, property]) => [key, titleOf(property)]),
  );
};

const titleOf = (property: unknown): ColumnTitle => {
  const { title, description } = isObject(property) ? property : {};
  return {
    title: typeof title === "string" ? title : undefined,
    description: typeof description === "string" ? description : undefined,
  };
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
