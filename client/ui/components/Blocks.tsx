import { useMemo } from "preact/hooks";
import { linkOf } from "../models/linkOf.ts";
import { type Kept, valuesOf } from "../models/outputModel.ts";
import { textOf } from "../models/textOf.ts";
import { isColoured, Text } from "./Text.tsx";
import { Value } from "./Value.tsx";

/** Values of one block: only the first and the last block change when values come in. */
const BLOCK = 100;
/** How many of the newest values are drawn; the others are in what is copied and downloaded. */
const MAX_DRAWN = { Numbers: 2_000, Text: 1_000, Tree: 200 };

type View = keyof typeof MAX_DRAWN;

/** The newest values, one after the other. */
export const Blocks = ({ values, view }: { values: Kept; view: View }) => {
  const { end } = values;
  const start = Math.max(values.first, end - MAX_DRAWN[view]);
  const blocks = [];
  for (let from = start; from < end;) {
    const number = Math.floor(from / BLOCK);
    const to = Math.min(end, (number + 1) * BLOCK);
    blocks.push(<Block key={number} of={valuesOf(values, from, to)} view={view} />);
    from = to;
  }
  return (
    <div class={view.toLowerCase()}>
      {start > values.first && (
        <p class="quiet">The newest {(end - start).toLocaleString("en")} are shown here.</p>
      )}
      {blocks}
    </div>
  );
};

type BlockProps = { of: readonly unknown[]; view: View };

const Block = ({ of, view }: BlockProps) =>
  useMemo(() => drawn({ of, view }), [of.length, of[0], view]);

const drawn = ({ of, view }: BlockProps) => {
  // `String`: `join` would leave out what is null.
  if (view === "Numbers") return <span>{of.map(String).join(" ") + " "}</span>;
  if (view === "Tree") return of.map((value, at) => <Value key={at} value={value} />);
  // Its own end of line would be one too many.
  const lines = of.map((value) => textOf(String(value).replace(/\r?\n$/, "")));
  if (!lines.some((line) => isColoured(line) || linkOf(line))) return <pre>{lines.join("\n")}</pre>;
  return lines.map((line, at) => <pre key={at}><Text text={line} /></pre>);
};
