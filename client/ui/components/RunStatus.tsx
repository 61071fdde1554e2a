import { useEffect, useRef } from "preact/hooks";
import { describeRun } from "../models/describeRun.ts";
import { formatElapsed } from "../models/formatElapsed.ts";
import type { RunModel } from "../models/runModel.ts";
import { isUnderWay, type RunState } from "../models/runState.ts";
import { RunProgress } from "./RunProgress.tsx";
import { StartWorker } from "./StartWorker.tsx";
import { StateIcon } from "./StateIcon.tsx";
import { useNow } from "./useNow.ts";

/** How long whoever waits for a worker is not told that there may be none, in milliseconds. */
const PATIENCE_MS = 1_000;

/** What of the rest of the system a run depends on; `task` is how a command begins there. */
export type Situation = { connected: boolean; workers: number; task: string };

/** Where the run stands in words, for how long, and how far it is. */
export const RunStatus = ({ run, situation }: { run: RunModel; situation: Situation }) => {
  const state = run.state.value;
  const { connected, workers, task } = situation;
  const now = useNow(state.at === "queued", 200);
  const waits = state.at === "queued" && connected;
  const element = useRef<HTMLDivElement>(null);
  // Who runs a long form from one of its first fields would else see nothing of it.
  useEffect(() => {
    if (state.at === "queued") element.current?.scrollIntoView({ block: "nearest" });
  }, [state.at]);
  return (
    <div class="run-status" data-at={state.at} ref={element}>
      <p>
        <StateIcon at={state.at} />
        <span role="status" aria-label="Run">{describeRun(state, situation)}</span>
        {state.at !== "idle" && <Elapsed state={state} />}
      </p>
      {isUnderWay(state) && <RunProgress progress={run.progress.value} />}
      {isUnderWay(state) && connected && workers === 0 && (
        <StartWorker why="No worker online serves this." task={task} />
      )}
      {waits && workers > 0 && now - state.since > PATIENCE_MS && (
        // A worker that hangs, or was cut off, is known to be gone only after a while of silence.
        <StartWorker why="Those that serve this are busy, or gone." task={task} />
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
