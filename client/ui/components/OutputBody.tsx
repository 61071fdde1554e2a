import type { HandlerEntry } from "../../../common/schemas/catalog.ts";
import { joinText } from "../models/exportOutput.ts";
import { type OutputModel, valuesOf } from "../models/outputModel.ts";
import { isWhole, type OutputView } from "../models/outputViews.ts";
import { sniffBytes } from "../models/sniffBytes.ts";
import { Blocks } from "./Blocks.tsx";
import { Bytes } from "./Bytes.tsx";
import { Charts } from "./Charts.tsx";
import { Markdown } from "./Markdown.tsx";
import { Scroller } from "./Scroller.tsx";
import { Table } from "./Table.tsx";
import { isColoured, Text } from "./Text.tsx";
import { Value } from "./Value.tsx";

/** How many of the newest parts of a text are drawn. */
const MAX_PARTS = 20_000;
const MAX_CHARACTERS = 100_000;
const MAX_COLOURED = 50_000;

type Props = { output: OutputModel; view: OutputView; entry: HandlerEntry };

/** The values, drawn where they are a stream of numbers, and written. */
export const OutputBody = (props: Props) => {
  const { output, entry } = props;
  return (
    <>
      {entry.streams && <Charts output={output} schema={entry.output} />}
      <Written {...props} />
    </>
  );
};

/** As a table or in a box that scrolls. */
const Written = ({ output, view, entry }: Props) => {
  const shape = output.shape.value;
  const { streams: follows, output: schema } = entry;
  if (view === "Table" && shape.kind === "table") {
    return <Table output={output} columns={shape.columns} schema={schema} follows={follows} />;
  }
  return (
    <Scroller output={output} follows={follows}>
      <Values output={output} view={view} entry={entry} />
    </Scroller>
  );
};

const Values = ({ output, view, entry: { output: schema } }: Props) => {
  const shown = output.shown.value;
  const newest = () => valuesOf(shown, shown.end - MAX_PARTS) as string[];
  if (view === "Bytes") return <Pieces parts={valuesOf(shown) as Uint8Array[]} />;
  if (view === "Markdown") {
    return <Markdown text={joinText(newest(), isWhole(schema))} />;
  }
  if (view === "Text" && isWhole(schema)) {
    const text = newest().join("").slice(-MAX_CHARACTERS);
    return <pre>{isColoured(text) ? <Text text={text.slice(-MAX_COLOURED)} /> : text}</pre>;
  }
  if (view === "Tree" && shown.end === 1) return <Value value={valuesOf(shown)[0]} isOpen />;
  return <Blocks values={shown} view={view === "Table" ? "Tree" : view} />;
};

/** Pictures one by one; any other bytes are the parts of one file. */
const Pieces = ({ parts }: { parts: Uint8Array[] }) => {
  const areImages = parts.length > 1 && sniffBytes(parts[1]!).isImage;
  if (!areImages) return <Bytes parts={parts} />;
  return <>{parts.slice(-50).map((part, at) => <Bytes key={at} parts={[part]} />)}</>;
};
