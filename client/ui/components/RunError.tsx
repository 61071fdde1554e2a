import type { Where } from "../../../common/schemas/frames.ts";
import { formatElapsed } from "../models/formatElapsed.ts";
import type { Issue } from "../models/issuesOf.ts";
import type { RunError as Failure } from "../models/runState.ts";
import { CopyButton } from "./CopyButton.tsx";
import { StartWorker } from "./StartWorker.tsx";

type Props = { error: Failure; issues: Issue[]; onRetry(): void; task: string };

/** Why a run failed; issues of a field stand at that field, the others here. */
export const RunError = ({ error, issues, onRetry, task }: Props) => {
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
      {(code === "NO_WORKER" || where?.state === "queued") && (
        <StartWorker why="No worker took it." task={task} />
      )}
      <p class="quiet">
        {where && `${describeWhere(where)} `}
        {retryable ? "Trying again may help." : "Trying again without a change will not help."}
      </p>
      <p class="buttons">
        {retryable && <button type="button" class="small" onClick={onRetry}>Retry</button>}
        <CopyButton class="small" text={() => JSON.stringify(error, null, 2)}>
          Copy error
        </CopyButton>
        <span class="quiet">
          Request <code>{requestId}</code>
        </span>
      </p>
    </section>
  );
};

const describeWhere = ({ state, worker, workers, elapsedMs }: Where): string => {
  const place = {
    unsent: "It was never sent",
    sent: "It had been sent",
    queued: workers === undefined
      ? "It was queued"
      : `It was queued for ${workers === 1 ? "1 worker" : `${workers} workers`}`,
    running: worker === undefined ? "It was running" : `It was running on ${worker}`,
  }[state];
  return elapsedMs === undefined ? `${place}.` : `${place}, after ${formatElapsed(elapsedMs)}.`;
};
