import { useEffect, useState } from "preact/hooks";
import type { LogRecord } from "../../../common/schemas/topics.ts";
import { createLogsModel, type LogsModel } from "../models/logsModel.ts";
import type { PageModel } from "../models/pageModel.ts";
import { LogFilters } from "./LogFilters.tsx";

/** The newest lines of the gateway's log. */
export const Logs = ({ page }: { page: PageModel }) => {
  const [logs] = useState(() => createLogsModel(page.socket));
  useEffect(() => logs.dispose, []);
  const written = logs.written.value;
  const shown = logs.shown.value;
  const skipped = logs.skipped.value;
  const isConnected = page.catalog.connection.value.at === "ready";
  return (
    <article class="operations">
      <a class="back" href="#/">All plugins</a>
      <h2>Log</h2>
      <p class="hint">
        The newest lines of this gateway, the newest first, from level {written ?? "…"}{" "}
        up (setting LOG_LEVEL), with every request that failed here, and what this page logs itself.
        There is nothing in it of what requests and answers hold; what a handler logs is shown
        beside its run, and what it throws is in its worker's own log, under the request's id.
      </p>
      {!isConnected && (
        <p role="status">There is no connection: what is shown is from before it was lost.</p>
      )}
      <LogFilters logs={logs} id="log" />
      <section aria-label="Log lines">
        <p class="quiet" role="status">{summary(logs)}</p>
        {skipped > 0 && <p class="quiet">{skipped} lines came too fast to be shown.</p>}
        <ol class="records">
          {shown.map((record) => <Row key={record.n} record={record} logs={logs} />)}
        </ol>
      </section>
    </article>
  );
};

const summary = ({ written, shown, isPaused }: LogsModel): string => {
  if (written.value === undefined) return "Waiting for the log…";
  const count = shown.value.length;
  const lines = count === 0 ? "No line" : count === 1 ? "1 line" : `${count} lines`;
  return isPaused.value ? `${lines}, paused` : lines;
};

const Row = ({ record, logs }: { record: LogRecord; logs: LogsModel }) => {
  const { time, level, message, fields = {} } = record;
  const { requestId, ...others } = fields;
  const at = new Date(time);
  return (
    <li data-level={level}>
      <time dateTime={at.toISOString()} title={at.toISOString()}>{clockText(at)}</time>{" "}
      <span class="level">{level}</span>{" "}
      <span class="words">
        {message} {requestId !== undefined && (
          <button
            type="button"
            class="link"
            title="Show the lines about this request"
            onClick={() => logs.request.value = String(requestId)}
          >
            {requestId}
          </button>
        )}{" "}
        <code>{Object.entries(others).map(([name, value]) => `${name}=${value}`).join(" ")}</code>
      </span>
    </li>
  );
};

/** `14:03:09.120`, in the time of whoever reads it. */
const clockText = (at: Date): string => {
  const two = (count: number) => String(count).padStart(2, "0");
  const ms = String(at.getMilliseconds()).padStart(3, "0");
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
};
