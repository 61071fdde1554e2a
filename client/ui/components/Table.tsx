import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import { columnTitles } from "../models/columnTitles.ts";
import { columnWidths } from "../models/columnWidths.ts";
import { type OutputModel, valuesOf } from "../models/outputModel.ts";
import { rowWindow } from "../models/rowWindow.ts";
import { cellOf, type Sort, sortRows } from "../models/sortRows.ts";
import { Cell } from "./Cell.tsx";
import { Scroller } from "./Scroller.tsx";

/** With more rows only those in view are drawn, all of one height. */
const MAX_DRAWN = 100;

type Props = {
  output: OutputModel;
  columns: readonly string[];
  /** Of a row or of a list of rows, for the titles of columns. */
  schema: JsonSchema;
  follows: boolean;
};

/** Rows that can be sorted by their columns. A sorted table stands still until it is asked on. */
export const Table = ({ output, columns, schema, follows }: Props) => {
  const [sort, setSort] = useState<Sort>();
  const [scroll, setScroll] = useState({ top: follows ? Infinity : 0, height: 600, rowHeight: 28 });
  const body = useRef<HTMLTableSectionElement>(null);
  const rows = output.shown.value;
  const count = rows.end - rows.first;
  const isLong = count > MAX_DRAWN;

  const order = useMemo(() => sort && sortRows(valuesOf(rows), sort), [rows, sort]);
  const widths = useMemo(
    () => isLong ? columnWidths(valuesOf(rows, rows.first, rows.first + 200), columns) : undefined,
    [isLong, columns],
  );
  const titles = useMemo(() => columnTitles(schema), [schema]);
  useLayoutEffect(() => {
    if (sort) output.hold();
    const drawn = body.current?.children[1]?.getBoundingClientRect().height ?? 0;
    if (isLong && drawn > 0 && drawn !== scroll.rowHeight) {
      setScroll({ ...scroll, rowHeight: drawn });
    }
  });

  const onSort = (column: string): void => {
    const next = sort?.column !== column
      ? { column, descending: false }
      : sort.descending
      ? undefined
      : { column, descending: true };
    setSort(next);
    // What comes first now is what was asked for.
    body.current?.closest(".scroller")?.scrollTo(0, 0);
    setScroll({ ...scroll, top: 0 });
    if (!next) output.follow();
  };
  const onScrolled = ({ scrollTop, clientHeight, scrollHeight }: HTMLElement): void => {
    if (!isLong) return;
    const isAtEnd = follows && !sort && scrollTop + clientHeight >= scrollHeight - 8;
    setScroll({ ...scroll, top: isAtEnd ? Infinity : scrollTop, height: clientHeight });
  };

  const [from, to] = isLong ? rowWindow(count, scroll) : [0, count];
  const drawn = Array.from({ length: to - from }, (_, index) => {
    const at = order ? order[from + index]! : from + index;
    return { number: rows.first + at, position: from + index, row: rows.items[at] };
  });
  const spacer = (height: number) =>
    isLong && <tr aria-hidden="true" style={{ height: `${height}px` }} />;

  return (
    <Scroller output={output} follows={follows && !sort} onScrolled={onScrolled}>
      <table class={isLong ? "long" : undefined} aria-rowcount={count + 1}>
        {widths && (
          <colgroup>
            {widths.map((width, at) => <col key={at} style={{ width: `${width}ch` }} />)}
          </colgroup>
        )}
        <thead>
          <tr>
            {columns.map((column) => {
              const { title = column, description } = titles[column] ?? {};
              const sorted = sort?.column === column &&
                (sort.descending ? "descending" : "ascending");
              const kind = typeof cellOf(rows.items[0] ?? {}, column);
              return (
                <th
                  key={column}
                  class={kind}
                  scope="col"
                  title={description}
                  aria-sort={sorted || "none"}
                >
                  <button type="button" onClick={() => onSort(column)}>{title}</button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody ref={body}>
          {spacer(from * scroll.rowHeight)}
          {drawn.map(({ number, position, row }) => (
            <tr key={number} aria-rowindex={position + 2}>
              {columns.map((column) => <Cell key={column} value={cellOf(row, column)} />)}
            </tr>
          ))}
          {spacer((count - to) * scroll.rowHeight)}
        </tbody>
      </table>
    </Scroller>
  );
};
