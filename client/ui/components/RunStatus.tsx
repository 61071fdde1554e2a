import { describeRun } from "../models/describeRun.ts";
import { formatElapsed } from "../models/formatElapsed.ts";
import type { RunModel } from "../models/runModel.ts";
import { isUnderWay, type RunState } from "../models/runState.ts";
import { RunProgress } from "./RunProgress.tsx";
import { StartWorker } from "./StartWorker.tsx";
import { StateIcon } from "./StateIcon.tsx";
import { useNow } from "./useNow.ts";

/** What of the rest of the system a run depends on. */
export type Situation = { connected: boolean; workers: number };

/** Where the run stands in words, for how long, and how far it is. */
export const RunStatus = ({ run, situation }: { run: RunModel; situation: Situation }) => {
  const state = run.state.value;
  const { connected, workers } = situation;
  return (
    <div class="run-status" data-at={state.at}>
      <p>
        <StateIcon at={state.at} />
        <span role="status" aria-label="Run">{describeRun(state, situation)}</span>
        {state.at !== "idle" && <Elapsed state={state} />}
      </p>
      {isUnderWay(state) && <RunProgress progress={run.progress.value} />}
      {state.at === "queued" && connected && workers === 0 && (
        <StartWorker why="No worker online serves this." />
      )}
    </div>
  );
};

/** Outside the live region: nobody wants to hear it count. */
const Elapsed = ({ state }: { state: Exclude<RunState, { at: "idle" }> }) => {
  const underWay = isUnderWay(state);
  const now = useNow(underWay);
  const elapsedMs = underWay ? Math.max(0, now - state.since) : state.elapsedMs;
  return <span class="elapsed">{formatElapsed(elapsedMs)}</span>;
};
