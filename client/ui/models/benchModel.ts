import { computed, type Signal, signal } from "@preact/signals";
import type { HandlerEntry } from "../../../common/schemas/catalog.ts";
import { createFormModel, type FormModel } from "./formModel.ts";
import { issuesOf } from "./issuesOf.ts";
import { createRunModel, type RunModel, type RunModelOptions } from "./runModel.ts";
import { isUnderWay } from "./runState.ts";

/** Everything about trying one handler: what it is, its form, its run. */
export type BenchModel = {
  readonly entry: Signal<HandlerEntry>;
  readonly form: Signal<FormModel>;
  readonly run: RunModel;
  /** Takes a newer description; what was typed stays where the schema still has a place for it. */
  update(entry: HandlerEntry): void;
  /** Sends the form. Gives the ids of the fields that keep it from being sent; never rejects. */
  start(): string[];
};

/** What a bench is told by its page. */
export type BenchModelOptions = RunModelOptions & { id: string; maxBytes(): number };

/** Makes a bench with nothing run yet. */
export const createBenchModel = (first: HandlerEntry, options: BenchModelOptions): BenchModel => {
  const { id, maxBytes } = options;
  const run = createRunModel(options);
  const issues = computed(() => {
    const state = run.state.value;
    return state.at === "failed" ? issuesOf(state.error) : [];
  });
  const formFor = ({ input }: HandlerEntry, previous?: FormModel): FormModel =>
    createFormModel(input, { id, issues, maxBytes, previous });
  const entry = signal(first);
  const form = signal(formFor(first));

  return {
    entry,
    form,
    run,
    update(next) {
      const before = entry.peek();
      entry.value = next;
      if (JSON.stringify(before.input) === JSON.stringify(next.input)) return;
      form.value = formFor(next, form.peek());
    },
    start() {
      if (isUnderWay(run.state.peek())) return [];
      const input = form.peek().read();
      if (input.invalid) return input.invalid;
      void run.start(entry.peek().type, input.payload); // Its failure is its state.
      return [];
    },
  };
};
