import { LogLevel } from "../../../common/schemas/frames.ts";
import type { LogsModel } from "../models/logsModel.ts";

/** What of the log is shown, and whether it goes on. */
export const LogFilters = ({ logs, id }: { logs: LogsModel; id: string }) => {
  const { level, search, request, isPaused, waiting } = logs;
  return (
    <form
      class="filters"
      role="search"
      aria-label="Log"
      onSubmit={(event) => event.preventDefault()}
    >
      <label htmlFor={`${id}-level`}>
        From level
        <select
          id={`${id}-level`}
          value={level.value}
          onChange={({ currentTarget }) => {
            level.value = LogLevel.options.find((one) => one === currentTarget.value)!;
          }}
        >
          {LogLevel.options.map((one) => <option key={one} value={one}>{one}</option>)}
        </select>
      </label>
      <Words id={`${id}-search`} name="Search" value={search} />
      <Words id={`${id}-request`} name="Request id" value={request} />
      <button type="button" aria-pressed={isPaused.value} onClick={logs.togglePause}>
        {isPaused.value ? `Go on (${waiting.value} new)` : "Pause"}
      </button>
    </form>
  );
};

type WordsProps = { id: string; name: string; value: LogsModel["search"] };

const Words = ({ id, name, value }: WordsProps) => (
  <label htmlFor={id}>
    {name}
    <input
      id={id}
      type="search"
      autocomplete="off"
      value={value.value}
      onInput={({ currentTarget }) => value.value = currentTarget.value}
    />
  </label>
);
