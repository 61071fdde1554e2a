import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { HandlerEntry } from "../../../common/schemas/catalog.ts";
import type { FormModel } from "./formModel.ts";
import { createInputModel, type InputModel } from "./inputModel.ts";
import { issuesOf } from "./issuesOf.ts";
import type { RunModel, RunModelOptions } from "./runModel.ts";
import { createRunsModel, type RunsModel } from "./runsModel.ts";
import { errorOf, isUnderWay } from "./runState.ts";
import type { SavedInputs } from "./savedInputs.ts";

/** Everything about trying one handler: what it is, its form, its runs. */
export type BenchModel = {
  /** Prefix of its elements' ids. */
  readonly id: string;
  readonly entry: Signal<HandlerEntry>;
  readonly form: ReadonlySignal<FormModel>;
  readonly input: InputModel;
  readonly runs: RunsModel;
  /** That of the selected tab. */
  readonly run: RunModel;
  /** Takes a newer description; what was typed stays where the schema still has a place for it. */
  update(entry: HandlerEntry): void;
  /** Sends the form, and says whether it could be sent. */
  start(): boolean;
  /** Sends again what the selected tab sent last. */
  retry(): void;
};

/** What a bench is told by its page. */
export type BenchModelOptions = RunModelOptions & {
  id: string;
  maxBytes(): number;
  /** Whether runs may be started. */
  mayRun(): boolean;
  saved: SavedInputs;
};

/** Makes a bench with nothing run yet. */
export const createBenchModel = (first: HandlerEntry, options: BenchModelOptions): BenchModel => {
  const runs = createRunsModel(options);
  const issues = computed(() => {
    const error = errorOf(runs.selected.value.state.value);
    return error ? issuesOf(error) : [];
  });
  const entry = signal(first);
  const input = createInputModel(first, { ...options, issues });

  return {
    id: options.id,
    entry,
    form: input.form,
    input,
    runs,
    get run() {
      return runs.selected.value;
    },
    update(next) {
      const before = entry.peek();
      entry.value = next;
      if (JSON.stringify(before.input) !== JSON.stringify(next.input)) input.update(next);
    },
    start() {
      const run = runs.selected.peek();
      if (!options.mayRun() || isUnderWay(run.state.peek())) return true;
      const read = input.form.peek().read();
      if (read.invalid) return false;
      input.ran();
      void run.start(entry.peek().type, read.payload); // Its failure is its state.
      return true;
    },
    retry() {
      if (options.mayRun()) void runs.selected.peek().retry(); // Its failure is its state.
    },
  };
};
