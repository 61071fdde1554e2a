import type { BenchModel } from "../models/benchModel.ts";
import { onDemand } from "./onDemand.tsx";
import { RunStatus, type Situation } from "./RunStatus.tsx";

const later = () => import("../later.ts");
const RunTabs = onDemand(async () => (await later()).RunTabs, { isQuiet: true });
const RunResult = onDemand(async () => (await later()).RunResult);

/** The runs of a handler: the tabs, and what there is to see of the selected one. */
export const Runs = ({ bench, situation }: { bench: BenchModel; situation: Situation }) => {
  const { runs, run, id } = bench;
  const { title, type } = bench.entry.value;
  const panel = `${id}-run`;
  const isNew = run.state.value.at === "idle";
  return (
    <section class="runs" aria-label={`Runs of ${title ?? type}`}>
      {(!isNew || runs.all.value.length > 1) && <RunTabs runs={runs} panel={panel} />}
      <div key={run.number} id={panel} role="tabpanel" aria-label={`Run ${run.number}`}>
        <RunStatus run={run} situation={situation} />
        {!isNew && <RunResult bench={bench} task={situation.task} />}
      </div>
    </section>
  );
};
