import type { BenchModel } from "../models/benchModel.ts";
import { errorOf } from "../models/runState.ts";
import { LogLines } from "./LogLines.tsx";
import { Output } from "./Output.tsx";
import { RunError } from "./RunError.tsx";
import { RunStatus, type Situation } from "./RunStatus.tsx";
import { RunTabs } from "./RunTabs.tsx";

/** The runs of a handler: the tabs, and what there is to see of the selected one. */
export const Runs = ({ bench, situation }: { bench: BenchModel; situation: Situation }) => {
  const { runs, run, id } = bench;
  const error = errorOf(run.state.value);
  const panel = `${id}-run`;
  return (
    <section class="runs" aria-label="Runs">
      <RunTabs runs={runs} panel={panel} />
      <div key={run.number} id={panel} role="tabpanel" aria-label={`Run ${run.number}`}>
        <RunStatus run={run} situation={situation} />
        {error && (
          <RunError
            error={error}
            issues={bench.form.value.otherIssues.value}
            onRetry={() => void run.retry()}
          />
        )}
        <div class="given">
          <Output run={run} entry={bench.entry.value} />
          <LogLines logs={run.logs.value} />
        </div>
      </div>
    </section>
  );
};
