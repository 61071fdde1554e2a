import { useState } from "preact/hooks";
import { isBelow, LogLevel } from "../../../common/schemas/frames.ts";
import { formatElapsed } from "../models/formatElapsed.ts";
import type { Recent } from "../models/recentItems.ts";
import type { LogLine } from "../models/runModel.ts";
import { useFollow } from "./useFollow.ts";

type Props = { of: string; logs: Recent<LogLine> };

/** What the handler `of` logged for its caller, from a level on. */
export const LogLines = ({ of, logs: { first, items } }: Props) => {
  const [lowest, setLowest] = useState<LogLevel>("debug");
  const { props } = useFollow<HTMLOListElement>(first + items.length);
  if (items.length === 0) return null;
  return (
    <section class="logs" aria-label={`Log of ${of}`}>
      <div class="head">
        <h3>Log</h3>
        <select
          class="small"
          aria-label="Lowest level shown"
          value={lowest}
          onChange={(event) => setLowest(event.currentTarget.value as LogLevel)}
        >
          {LogLevel.options.map((level) => (
            <option key={level} value={level}>
              {level === "error" ? level : `${level} and above`}
            </option>
          ))}
        </select>
      </div>
      {first > 0 && <p class="quiet">{first} earlier lines are not shown.</p>}
      <ol class="scroller" tabIndex={0} aria-label="Log lines" {...props}>
        {items.map(({ level, message, fields, afterMs }, index) =>
          !isBelow(level, lowest) && (
            <li key={first + index} data-level={level}>
              <time>{formatElapsed(afterMs)}</time> <span class="level">{level}</span> {message}
              {" "}
              {fields && <code>{JSON.stringify(fields)}</code>}
            </li>
          )
        )}
      </ol>
    </section>
  );
};
