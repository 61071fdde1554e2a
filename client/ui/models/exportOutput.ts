import { bytesToBase64 } from "./bytesToBase64.ts";
import type { OutputView } from "./outputViews.ts";
import { sniffBytes } from "./sniffBytes.ts";
import { cellOf } from "./sortRows.ts";

/** A file to be. */
export type Exported = {
  parts: readonly (string | Uint8Array)[];
  type: string;
  extension: string;
};

/** Options of `exportOutput`. */
export type ExportOptions = {
  view: OutputView;
  /** Of a table. */
  columns: readonly string[];
  /** Whether strings are parts of one text. */
  isWhole: boolean;
  /** Whether it is one value, rather than a list of one. */
  isOne: boolean;
};

/** Values as a file, in the form in which they are shown. */
export const exportOutput = (values: readonly unknown[], options: ExportOptions): Exported => {
  const { view, columns, isWhole, isOne } = options;
  switch (view) {
    case "Numbers":
      return text(joinText(values.map(String), false), "txt");
    case "Text":
      return text(joinText(values as string[], isWhole), "txt");
    case "Markdown":
      return text(joinText(values as string[], isWhole), "md");
    case "Table":
      return text(toCsv(values, columns), "csv");
    case "Tree":
      return text(JSON.stringify(isOne ? values[0] : values, bytesAsText, 2), "json");
    case "Bytes": {
      const parts = values as Uint8Array[];
      return { parts, ...sniffBytes(parts[0] ?? new Uint8Array()) };
    }
  }
};

/** Strings as one text, each on lines of its own unless they are parts of a whole. */
export const joinText = (values: readonly string[], isWhole: boolean): string => {
  if (isWhole || values.length === 1) return values.join("");
  return values.map((value) => value.endsWith("\n") ? value : `${value}\n`).join("");
};

const TYPES = { txt: "plain", md: "markdown", csv: "csv", json: "json" };

const text = (content: string, extension: keyof typeof TYPES): Exported => ({
  parts: [content],
  type: extension === "json" ? "application/json" : `text/${TYPES[extension]};charset=utf-8`,
  extension,
});

const toCsv = (rows: readonly unknown[], columns: readonly string[]): string =>
  [columns, ...rows.map((row) => columns.map((column) => cellOf(row, column)))]
    .map((cells) => cells.map(quoted).join(",") + "\r\n").join("");

const quoted = (cell: unknown): string => {
  const written = cell === undefined || cell === null
    ? ""
    : typeof cell === "string"
    ? cell
    : JSON.stringify(cell);
  return /[",\r\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
};

const bytesAsText = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array ? bytesToBase64([value]) : value;
