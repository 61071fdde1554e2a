import type { BenchModel } from "../models/benchModel.ts";
import { errorOf } from "../models/runState.ts";
import { LogLines } from "./LogLines.tsx";
import { Output } from "./Output.tsx";
import { RunError } from "./RunError.tsx";

/** What the selected run gave: why it failed, its output, and what it logged. */
export const RunResult = ({ bench, task }: { bench: BenchModel; task: string }) => {
  const { run } = bench;
  const entry = bench.entry.value;
  const error = errorOf(run.state.value);
  return (
    <>
      {error && (
        <RunError
          error={error}
          issues={bench.form.value.otherIssues.value}
          onRetry={bench.retry}
          task={task}
        />
      )}
      <div class="given">
        <Output run={run} entry={entry} />
        <LogLines of={entry.title ?? entry.type} logs={run.logs.value} />
      </div>
    </>
  );
};
