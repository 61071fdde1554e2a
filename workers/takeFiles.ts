import * as v from "valibot";
import { describeSchema } from "./describeSchema.ts";

/** What is read of any schema. */
type Part = {
  kind?: string;
  type?: string;
  pipe?: Part[];
  wrapped?: Part;
  options?: unknown[];
  getter?(input: unknown): Part;
  entries?: Record<string, Part>;
  value?: Part;
  item?: Part;
  items?: Part[];
  rest?: Part;
};

/**
 * The schema of an input as it is sent: where it has a `v.file()` or `v.blob()` it takes bytes, all
 * that a request can carry of a file, and makes one of them, which is called "file" and of no type.
 * A schema without any comes back as it is.
 */
export const takeFiles = (schema: v.GenericSchema): v.GenericSchema =>
  MAY_HOLD_FILES.test(JSON.stringify(describeSchema(schema, "input")))
    ? v.pipe(v.unknown(), v.transform((input) => withFiles(schema, input)), schema)
    : schema;

/** What is told of a file, and of what no JSON schema can say what is in it. */
const MAY_HOLD_FILES = /"\$comment":"(?:file|blob|non_\w+)"/;

/** A value that is right as it came has no file in the place of its bytes. */
const withFiles = (schema: v.GenericSchema, input: unknown): unknown =>
  v.is(schema, input) ? input : filed([schema as Part], input);

/** A value with files in place of the bytes for which one of the schemas that it may fit has one. */
const filed = (schemas: Part[], value: unknown): unknown => {
  const parts = schemas.flatMap((schema) => partsOf(schema, value));
  const within = (read: (part: Part) => Part | undefined, inner: unknown): unknown =>
    filed(parts.flatMap((part) => read(part) ?? []), inner);
  if (parts.length === 0 || typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return fileOf(parts.map(({ type }) => type), value);
  if (Array.isArray(value)) {
    return value.map((one, at) =>
      within(({ item, items, rest }) => item ?? items?.[at] ?? rest, one)
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      const read = ({ entries, value, rest }: Part) =>
        entries && Object.hasOwn(entries, key) ? entries[key] : value ?? rest;
      return [key, within(read, one)];
    }),
  );
};

/** A schema, or those that it stands for. */
const partsOf = (schema: Part, value: unknown): Part[] => {
  const { pipe = [], wrapped, options = [], getter } = schema;
  const others = [...pipe.slice(1), wrapped, getter?.(value), ...options].filter(isSchema);
  return [schema, ...others.flatMap((other) => partsOf(other, value))];
};

const isSchema = (part: unknown): part is Part => (part as Part | undefined)?.kind === "schema";

const fileOf = (types: (string | undefined)[], bytes: Uint8Array): unknown => {
  if (types.includes("instance")) return bytes;
  // They came over a bus: none of them is of shared memory, which alone could not be in a file.
  const content = [bytes as Uint8Array<ArrayBuffer>];
  if (types.includes("file")) return new File(content, "file");
  return types.includes("blob") ? new Blob(content) : bytes;
};
