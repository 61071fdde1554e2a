import type { Where } from "../../../common/schemas/frames.ts";
import { formatElapsed } from "../models/formatElapsed.ts";
import type { Issue } from "../models/issuesOf.ts";
import type { RunError as Failure } from "../models/runState.ts";

/** Why a run failed; issues of a field stand at that field, the others here. */
export const RunError = ({ error, issues }: { error: Failure; issues: Issue[] }) => {
  const { code, message, requestId, retryable, where } = error;
  return (
    <section class="error" role="alert" aria-label="Error">
      <p>
        <strong>{code}</strong> {message}
      </p>
      {issues.length > 0 && (
        <ul>
          {issues.map(({ path, message }) => (
            <li key={path + message}>{path === "" ? message : `${path}: ${message}`}</li>
          ))}
        </ul>
      )}
      <p class="quiet">
        {retryable ? "Trying again may help." : "Trying again without a change will not help."}
        {where && ` ${describeWhere(where)}`} Request <code>{requestId}</code>
      </p>
    </section>
  );
};

const describeWhere = ({ state, worker, workers, elapsedMs }: Where): string => {
  const place = {
    unsent: "It was never sent",
    sent: "It had been sent",
    queued: workers === undefined ? "It was queued" : `It was queued for ${workers} workers`,
    running: worker === undefined ? "It was running" : `It was running on ${worker}`,
  }[state];
  return elapsedMs === undefined ? `${place}.` : `${place}, after ${formatElapsed(elapsedMs)}.`;
};
