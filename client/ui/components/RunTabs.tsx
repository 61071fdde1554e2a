import type { TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RunsModel } from "../models/runsModel.ts";
import type { RunModel } from "../models/runModel.ts";
import { StateIcon } from "./StateIcon.tsx";

/** A tab for each run; the panel it shows has the id `panel`. */
export const RunTabs = ({ runs, panel }: { runs: RunsModel; panel: string }) => {
  const all = runs.all.value;
  const selected = runs.selected.value;

  const list = useRef<HTMLDivElement>(null);
  const goesAlong = useRef(false);
  // By keys the focus goes to the tab that is selected now, the one before may be gone.
  useLayoutEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>("[tabindex='0']");
    if (goesAlong.current) tab?.focus();
    goesAlong.current = false;
    // Of many, only some fit beside each other.
    if (list.current && tab) list.current.scrollLeft = tab.offsetLeft - list.current.offsetLeft;
  }, [selected, selected.state.value.at]);

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const at = all.indexOf(selected);
    const next = {
      ArrowLeft: all.at(at - 1),
      ArrowRight: all[(at + 1) % all.length],
      Home: all[0],
      End: all.at(-1),
    }[event.key];
    if (next) runs.select(next);
    else if (event.key === "Delete") runs.close(selected);
    else return;
    event.preventDefault();
    goesAlong.current = true;
  };

  return (
    <div class="tabs">
      <div ref={list} role="tablist" aria-label="Runs" onKeyDown={onKeyDown}>
        {all.map((run) => (
          <Tab
            key={run.number}
            run={run}
            panel={panel}
            isSelected={run === selected}
            onClick={() => runs.select(run)}
          />
        ))}
      </div>
      <button
        type="button"
        class="small"
        aria-label={`Close tab ${selected.number}`}
        onClick={() => runs.close(selected)}
      >
        ×
      </button>
      {selected.state.value.at !== "idle" && runs.canOpen() && (
        <button type="button" class="small" onClick={runs.open}>+ New tab</button>
      )}
    </div>
  );
};

type TabProps = { run: RunModel; panel: string; isSelected: boolean; onClick(): void };

const Tab = ({ run, panel, isSelected, onClick }: TabProps) => {
  const { at } = run.state.value;
  return (
    <button
      type="button"
      role="tab"
      id={`${panel}-${run.number}`}
      aria-selected={isSelected}
      aria-controls={isSelected ? panel : undefined}
      tabIndex={isSelected ? 0 : -1}
      onClick={onClick}
    >
      <StateIcon at={at} />
      Run {run.number} <small>{at === "idle" ? "new" : at}</small>
    </button>
  );
};
