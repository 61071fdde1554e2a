import { useState } from "preact/hooks";
import { agoText, type Line, niceCeiling, pathOf } from "../models/trend.ts";

/** What a chart shows. */
export type Trend = {
  title: string;
  /** Up to three; each has the values of all samples, the newest last. */
  lines: Line[];
  /** A value in words, with its unit. */
  format(value: number | undefined): string;
};

type Props = Trend & { slots: number; sampleMs: number };

/** Some lines over the last 15 minutes, or the same as a table. */
export const TrendChart = ({ title, lines, format, slots, sampleMs }: Props) => {
  const [asTable, setAsTable] = useState(false);
  const other = asTable ? "Show as chart" : "Show as table";
  return (
    <figure class="trend">
      <figcaption>
        <h3>{title}</h3>
        <button
          type="button"
          class="link"
          aria-label={`${other}: ${title}`}
          onClick={() => setAsTable(!asTable)}
        >
          {other}
        </button>
      </figcaption>
      {asTable
        ? <TrendTable {...{ title, lines, format, sampleMs }} />
        : <TrendLines {...{ title, lines, format, slots }} />}
    </figure>
  );
};

const TrendLines = ({ title, lines, format, slots }: Omit<Props, "sampleMs">) => {
  const known = lines.flatMap(({ values }) => values.filter((value) => value !== undefined));
  const top = niceCeiling(Math.max(0, ...known));
  const now = lines.map(({ name, values }) => `${name} ${format(values.at(-1))}`).join(", ");
  const most = known.length === 0 ? "nothing yet" : `highest ${format(Math.max(...known))}`;
  return (
    <>
      <div class="plot">
        <span aria-hidden="true">{format(top)}</span>
        <svg
          role="img"
          aria-label={`${title}, last 15 minutes: ${now}; ${most}.`}
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
        >
          <path class="grid" d="M0 0H100M0 50H100M0 100H100" />
          {lines.map(({ name, values }, index) => (
            <path key={name} class="line" data-line={index} d={pathOf(values, { slots, top })} />
          ))}
        </svg>
        <span aria-hidden="true">{format(0)}</span>
      </div>
      <p class="axis" aria-hidden="true">
        <span>15 min ago</span>
        <span>now</span>
      </p>
      <ul class="legend">
        {lines.map(({ name, values }, index) => (
          <li key={name}>
            <svg viewBox="0 0 24 4" aria-hidden="true">
              <path class="line" data-line={index} d="M1 2H23" />
            </svg>{" "}
            {name} <b>{format(values.at(-1))}</b>
          </li>
        ))}
      </ul>
    </>
  );
};

const TrendTable = ({ title, lines, format, sampleMs }: Omit<Props, "slots">) => {
  const count = lines[0]?.values.length ?? 0;
  return (
    <div class="scroller rows" tabIndex={0} role="region" aria-label={`${title}, table`}>
      <table>
        <thead>
          <tr>
            <th scope="col">Until</th>
            {lines.map(({ name }) => <th key={name} scope="col">{name}</th>)}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: count }, (_, ago) => (
            <tr key={ago}>
              <th scope="row">{agoText(ago * sampleMs)}</th>
              {lines.map(({ name, values }) => (
                <td key={name}>{format(values[count - 1 - ago])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
