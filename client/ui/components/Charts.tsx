import { useEffect, useRef, useState } from "preact/hooks";
import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import type { LineChart } from "../chart.ts";
import { type ChartData, chartData } from "../models/chartData.ts";
import { columnTitles } from "../models/columnTitles.ts";
import { type OutputModel, valuesOf } from "../models/outputModel.ts";
import { siText } from "../models/siText.ts";

/** How many of the newest values are drawn. */
const MAX_POINTS = 2_000;

type Props = { output: OutputModel; schema: JsonSchema };

/** A line chart for each series of numbers that a stream is; nothing for any other stream. */
export const Charts = ({ output, schema }: Props) => {
  const shown = output.shown.value;
  const shape = output.shape.value;
  const first = Math.max(shown.first, shown.end - MAX_POINTS);
  const data = chartData(valuesOf(shown, first), { shape, first });
  if (!data) return null;
  const titles = columnTitles(schema);
  return (
    <div class="charts">
      {data.series.map(({ name, ys }) => (
        <Chart
          key={`${name} ${data.isTime}`}
          title={titles[name]?.title ?? (name || "Values")}
          data={data}
          ys={ys}
        />
      ))}
    </div>
  );
};

type ChartProps = { title: string; data: ChartData; ys: (number | null)[] };

const Chart = ({ title, data: { xs, isTime }, ys }: ChartProps) => {
  const element = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<LineChart>();
  const [failure, setFailure] = useState("");

  useEffect(() => {
    let made: LineChart | undefined;
    let isGone = false;
    import("../chart.ts").then(({ createLineChart }) => {
      if (isGone || !element.current) return;
      setChart(made = createLineChart(element.current, { isTime }));
    }).catch((error) => setFailure(`The chart could not be loaded: ${error}`));
    return () => {
      isGone = true;
      made?.destroy();
    };
  }, []);
  useEffect(() => chart?.show(xs, ys), [chart, xs, ys]);

  const newest = format(ys.at(-1));
  const bounds = `${format(least(ys))} to ${format(-least(ys.map((y) => y && -y)))}`;
  return (
    <figure>
      <figcaption>
        <strong>{title}</strong> {newest} <small>{bounds}</small>
      </figcaption>
      <div ref={element} role="img" aria-label={`Line chart of ${title}: ${newest}, ${bounds}`}>
        {failure}
      </div>
    </figure>
  );
};

const least = (ys: (number | null)[]): number =>
  ys.reduce<number>((least, y) => y === null ? least : Math.min(least, y), Infinity);

const format = (y: number | null | undefined): string =>
  typeof y === "number" && Number.isFinite(y) ? siText(y) : "–";
