import { useMemo } from "preact/hooks";
import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import type { OutputShape } from "../models/outputShape.ts";
import { columnTitles } from "../models/columnTitles.ts";
import { textOf } from "../models/textOf.ts";
import { Value } from "./Value.tsx";

/** Values of one block: only the first and the last block change when values come in. */
const BLOCK = 100;

type Props = {
  first: number;
  items: readonly unknown[];
  shape: OutputShape;
  /** Of one value, for the titles of columns. */
  schema: JsonSchema;
};

/** The values in the shape they share. */
export const OutputBlocks = ({ first, items, shape, schema }: Props) => {
  const blocks = [];
  for (let from = first; from < first + items.length;) {
    const to = Math.min(first + items.length, (Math.floor(from / BLOCK) + 1) * BLOCK);
    const values = items.slice(from - first, to - first);
    blocks.push(<Block key={Math.floor(from / BLOCK)} from={from} values={values} shape={shape} />);
    from = to;
  }
  if (shape.kind !== "table") return <div class={shape.kind}>{blocks}</div>;
  const titles = columnTitles(schema);
  return (
    <table>
      <thead>
        <tr>
          {shape.columns.map((column) => (
            <th key={column} scope="col" title={titles[column]?.description}>
              {titles[column]?.title ?? column}
            </th>
          ))}
        </tr>
      </thead>
      {blocks}
    </table>
  );
};

const Block = (
  { from, values, shape }: { from: number; values: readonly unknown[]; shape: OutputShape },
) => {
  const columns = shape.kind === "table" ? shape.columns.join("\n") : "";
  return useMemo(() => blockOf(from, values, shape), [from, values.length, shape.kind, columns]);
};

const blockOf = (from: number, values: readonly unknown[], shape: OutputShape) => {
  switch (shape.kind) {
    case "nothing":
      return null;
    case "flow":
      return <span>{values.map(textOf).join(" ") + " "}</span>;
    case "lines":
      return <pre>{values.map(textOf).join("\n")}</pre>;
    case "bytes":
    case "values":
      return <div>{values.map((value, index) => <Value key={from + index} value={value} />)}</div>;
    case "table":
      return (
        <tbody>
          {values.map((row, index) => (
            <tr key={from + index}>
              {shape.columns.map((column) => <Cell key={column} row={row} column={column} />)}
            </tr>
          ))}
        </tbody>
      );
  }
};

const Cell = ({ row, column }: { row: unknown; column: string }) => {
  const value = new Map(Object.entries(row ?? {})).get(column);
  if (value === undefined) return <td />;
  return <td>{Array.isArray(value) ? value.map(textOf).join(", ") : textOf(value)}</td>;
};
