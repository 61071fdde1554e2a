import { type ReadonlySignal, signal } from "@preact/signals";
import { createRunModel, type RunModel, type RunModelOptions } from "./runModel.ts";

/** So that what old runs gave does not fill the memory. */
const MAX_RUNS = 8;

/** The tabs of one handler, each with a run; there is always one, and one is selected. */
export type RunsModel = {
  readonly all: ReadonlySignal<readonly RunModel[]>;
  readonly selected: ReadonlySignal<RunModel>;
  /** Whether there is room for one more. */
  canOpen(): boolean;
  /** Opens a tab in which nothing was run yet, and selects it. */
  open(): void;
  select(run: RunModel): void;
  /** Closes a tab; what runs in it is cancelled. */
  close(run: RunModel): void;
};

/** Makes the tabs, with one. */
export const createRunsModel = (options: RunModelOptions): RunsModel => {
  let opened = 0;
  const create = (): RunModel => createRunModel(options, ++opened);
  const all = signal<readonly RunModel[]>([create()]);
  const selected = signal(all.peek()[0]!);

  const open = (): void => {
    selected.value = create();
    all.value = [...all.peek(), selected.value];
  };

  return {
    all,
    selected,
    canOpen: () => all.value.length < MAX_RUNS,
    open,
    select(run) {
      selected.value = run;
    },
    close(run) {
      const at = all.peek().indexOf(run);
      if (at < 0) return;
      run.cancel();
      all.value = all.peek().toSpliced(at, 1);
      if (all.value.length === 0) open();
      else if (selected.peek() === run) selected.value = all.value[at] ?? all.value[at - 1]!;
    },
  };
};
