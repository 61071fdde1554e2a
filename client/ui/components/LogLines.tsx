import type { Recent } from "../models/recentItems.ts";
import type { LogLine } from "../models/runModel.ts";
import { useFollow } from "./useFollow.ts";

/** What the handler logged for its caller. */
export const LogLines = ({ logs: { first, items } }: { logs: Recent<LogLine> }) => {
  const follow = useFollow<HTMLOListElement>(first + items.length);
  if (items.length === 0) return null;
  return (
    <section class="logs" aria-label="Log">
      <h3>Log</h3>
      {first > 0 && <p class="quiet">{first} earlier lines are not shown.</p>}
      <ol tabIndex={0} {...follow}>
        {items.map(({ level, message, fields }, index) => (
          <li key={first + index} data-level={level}>
            <span class="level">{level}</span> {message}{" "}
            {fields && <code>{JSON.stringify(fields)}</code>}
          </li>
        ))}
      </ol>
    </section>
  );
};
