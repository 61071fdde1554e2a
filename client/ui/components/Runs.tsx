import type { BenchModel } from "../models/benchModel.ts";
import { CopyAs } from "./CopyAs.tsx";
import { RunResult } from "./RunResult.tsx";
import { RunStatus, type Situation } from "./RunStatus.tsx";
import { RunTabs } from "./RunTabs.tsx";

type Props = { bench: BenchModel; url: string; situation: Situation };

/** What is below a form: ways to copy it; the tabs of its runs, and what the selected one gave. */
export const Runs = ({ bench, url, situation }: Props) => {
  const { runs, run, id } = bench;
  const { title, type } = bench.entry.value;
  const panel = `${id}-run`;
  const isNew = run.state.value.at === "idle";
  return (
    <>
      <CopyAs bench={bench} url={url} task={situation.task} />
      <section class="runs" aria-label={`Runs of ${title ?? type}`}>
        {(!isNew || runs.all.value.length > 1) && <RunTabs runs={runs} panel={panel} />}
        <div key={run.number} id={panel} role="tabpanel" aria-label={`Run ${run.number}`}>
          <RunStatus run={run} situation={situation} />
          {!isNew && <RunResult bench={bench} task={situation.task} />}
        </div>
      </section>
    </>
  );
};
