import { isUtf8 } from "node:buffer";
import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { CsvError, parse } from "csv-parse";
import * as v from "valibot";
import { bytes, definePlugin, handler, RequestError } from "plugboard";

/** What is kept of a file that is not what it should be, or larger than anybody reads. */
const MAX_COLUMNS = 1_000;
const MAX_DISTINCT = 1_000;
const MAX_RAGGED = 20;

const Type = v.picklist(["number", "date", "boolean", "text", "empty"]);
const number = (title: string, description: string) =>
  v.pipe(v.number(), v.title(title), v.description(description));
const bound = (title: string) =>
  v.optional(v.pipe(
    v.union([v.number(), v.string()]),
    v.title(title),
    v.description("Only of numbers, and of dates as they are written."),
  ));

export default definePlugin({
  name: "csv",
  title: "CSV",
  description: "Tells what is in a CSV file.",
  version: "1.0.0",
  handlers: {
    summarise: handler({
      title: "Summarise a CSV file",
      description: "Reads the file and streams one summary per column. A row with too few or too " +
        "many fields is reported by its line: what it lacks counts as empty, what it has beyond " +
        "the columns is left out.",
      input: v.object({
        file: v.pipe(bytes(), v.title("File"), v.description("CSV in UTF-8.")),
        delimiter: v.optional(
          v.pipe(v.picklist([",", ";", "\t", "|"]), v.title("Delimiter")),
          ",",
        ),
        header: v.optional(
          v.pipe(v.boolean(), v.title("Header"), v.description("The first row names the columns.")),
          true,
        ),
      }),
      chunk: v.object({
        column: v.pipe(v.string(), v.title("Column")),
        type: v.pipe(
          Type,
          v.title("Type"),
          v.description("What all values look like; a date as in ISO 8601."),
        ),
        count: number("Values", "How many rows have one here."),
        empty: number("Empty", "How many rows have none here."),
        distinct: number("Distinct values", `${MAX_DISTINCT} means that many or more.`),
        min: bound("Smallest"),
        max: bound("Largest"),
        mean: v.optional(number("Mean", "Only of numbers.")),
        examples: v.pipe(v.array(v.string()), v.title("First values")),
        raggedRows: number("Ragged rows", "Rows of the file with too few or too many fields."),
        raggedLines: v.pipe(
          v.array(v.number()),
          v.title("Ragged lines"),
          v.description(`Where the first ${MAX_RAGGED} of them begin.`),
        ),
      }),
      idempotent: true,
      async *handle({ file, delimiter, header }, { signal, progress, log }) {
        const badLine = firstLineNotUtf8(file);
        if (badLine !== undefined) throw refusal(`Line ${badLine} is not UTF-8.`);
        const table = createTable(header, log.warn);
        const parser = parse({
          delimiter,
          bom: true,
          record_delimiter: ["\r\n", "\n", "\r"],
          relax_column_count: true,
          relax_quotes: true, // A quote inside an unquoted field is text.
          on_record: (row: string[]) => table.add(row), // Null: nothing to read from the parser.
        });
        async function* slices() {
          const size = Math.max(65_536, Math.ceil(file.length / 100));
          for (let at = 0; at < file.length; at += size) {
            progress(at / file.length);
            await setImmediate(); // Lets other requests, and a cancellation, in between.
            yield file.subarray(at, at + size);
          }
        }
        try {
          await pipeline(slices, parser, { signal });
        } catch (cause) {
          if (!(cause instanceof CsvError) || cause.code !== "CSV_QUOTE_NOT_CLOSED") throw cause;
          throw refusal(`A quote in the row that begins at line ${table.line} is never closed.`);
        }
        progress(1);
        yield* table.summaries();
      },
    }),
  },
});

const refusal = (message: string) => new RequestError("INVALID_REQUEST", message);

/** A line feed is never part of another UTF-8 character, so each line can be looked at alone. */
const firstLineNotUtf8 = (file: Uint8Array): number | undefined => {
  if (isUtf8(file)) return undefined;
  let line = 1;
  for (let at = 0;; line++) {
    const end = file.indexOf(10, at);
    if (end === -1 || !isUtf8(file.subarray(at, end))) return line;
    at = end + 1;
  }
};

const createTable = (header: boolean, warn: (message: string) => void) => {
  let line = 1;
  let columns: ReturnType<typeof createColumn>[] | undefined;
  const ragged = { raggedRows: 0, raggedLines: [] as number[] };

  const addRow = (row: string[]) => {
    if (columns === undefined) {
      if (row.length > MAX_COLUMNS) {
        throw refusal(`The file has ${row.length} columns; at most ${MAX_COLUMNS} are summarised.`);
      }
      columns = row.map((name, i) => createColumn((header && name.trim()) || `column ${i + 1}`));
      if (header) return;
    }
    if (row.length !== columns.length && ++ragged.raggedRows <= MAX_RAGGED) {
      ragged.raggedLines.push(line);
      warn(`Line ${line}: expected ${columns.length} fields, found ${row.length}.`);
    }
    columns.forEach((column, i) => column.add(row[i] ?? ""));
  };

  return {
    /** Where the row begins that is read next, counted from 1. */
    get line() {
      return line;
    },
    add(row: string[]): null {
      const isBlankLine = row.length === 1 && row[0] === "";
      if (!isBlankLine) addRow(row);
      line += 1 + (row.join().match(/\r\n|\r|\n/g)?.length ?? 0);
      return null;
    },
    summaries: () => (columns ?? []).map((column) => ({ ...column.summary(), ...ragged })),
  };
};

/** Without leading zeros: `007` is a code, and a mean of codes means nothing. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i;
const DATE =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const BOOLEAN = /^(true|false|yes|no)$/i;

const typeOf = (text: string): v.InferOutput<typeof Type> => {
  if (NUMBER.test(text) && Number.isFinite(Number(text))) return "number";
  if (DATE.test(text)) return "date";
  return BOOLEAN.test(text) ? "boolean" : "text";
};

const createColumn = (column: string) => {
  const types = new Set<v.InferOutput<typeof Type>>();
  const values = new Set<string>();
  let [count, empty, mean] = [0, 0, 0];
  let min: number | string | undefined;
  let max: number | string | undefined;
  return {
    add(field: string) {
      const text = field.trim();
      if (text === "") return void empty++;
      count++;
      if (values.size < MAX_DISTINCT) values.add(text);
      const type = typeOf(text);
      types.add(type);
      if (type === "boolean" || type === "text") return;
      const value = type === "number" ? Number(text) : text;
      if (typeof value === "number") mean += (value - mean) / count;
      if (min === undefined || value < min) min = value;
      if (max === undefined || value > max) max = value;
    },
    summary() {
      const [first = "empty"] = types;
      const type = types.size > 1 ? "text" : first;
      const examples = [...values].slice(0, 3).map((value) => value.slice(0, 80).toWellFormed());
      return {
        ...{ column, type, count, empty, distinct: values.size, examples },
        ...(type === "number" || type === "date" ? { min, max } : {}),
        ...(type === "number" ? { mean } : {}),
      };
    },
  };
};
