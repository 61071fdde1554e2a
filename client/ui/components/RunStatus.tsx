import { useEffect, useState } from "preact/hooks";
import { describeRun } from "../models/describeRun.ts";
import { formatElapsed } from "../models/formatElapsed.ts";
import type { RunModel } from "../models/runModel.ts";
import { isUnderWay, type RunState } from "../models/runState.ts";

type Situation = { connected: boolean; workers: number };

/** Where the run stands in words, for how long, and how far it is. */
export const RunStatus = ({ run, situation }: { run: RunModel; situation: Situation }) => {
  const state = run.state.value;
  const underWay = isUnderWay(state);
  const progress = underWay ? run.progress.value : undefined;
  return (
    <div class="run-status" data-at={state.at}>
      <p>
        <span role="status" aria-label="Run">{describeRun(state, situation)}</span>
        {state.at !== "idle" && <Elapsed state={state} />}
      </p>
      {progress && (
        <p class="progress">
          <progress aria-label="Progress" max={1} value={progress.fraction} />
          {progress.fraction !== undefined && <span>{Math.floor(progress.fraction * 100)} %</span>}
          {progress.message && <span>{progress.message}</span>}
        </p>
      )}
    </div>
  );
};

/** Outside the live region: nobody wants to hear it count. */
const Elapsed = ({ state }: { state: Exclude<RunState, { at: "idle" }> }) => {
  const [now, setNow] = useState(performance.now());
  const underWay = isUnderWay(state);
  useEffect(() => {
    if (!underWay) return;
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, [underWay]);
  const elapsedMs = isUnderWay(state) ? Math.max(0, now - state.since) : state.elapsedMs;
  return <span class="elapsed">{formatElapsed(elapsedMs)}</span>;
};
