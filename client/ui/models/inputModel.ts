import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { HandlerEntry } from "../../../common/schemas/catalog.ts";
import { createFormModel, type FormModel } from "./formModel.ts";
import type { Issue } from "./issuesOf.ts";
import type { SavedInput, SavedInputs } from "./savedInputs.ts";

/** The input of one handler: its form, what it begins with, and what was put in before. */
export type InputModel = {
  readonly form: Signal<FormModel>;
  /** Inputs run before that can be opened again, the newest first. */
  readonly earlier: ReadonlySignal<SavedInput[]>;
  /** Fills the form with an input kept as JSON. */
  open(json: string): void;
  /** Fills it as a link says, once for each. */
  openLink(json: string): void;
  /** Begins anew: with examples and defaults. */
  reset(): void;
  /** It is run as it stands now. */
  ran(): void;
  /** Takes a newer description; what was given stays where the schema still has a place for it. */
  update(entry: HandlerEntry): void;
  dispose(): void;
};

/** What an input is told by its page. */
export type InputModelOptions = {
  id: string;
  maxBytes(): number;
  issues: ReadonlySignal<Issue[]>;
  saved: SavedInputs;
  schedule(callback: () => void): void;
};

/** Makes the input of a handler, as it was left: its draft, or else what was run last. */
export const createInputModel = (
  { type, input }: HandlerEntry,
  { saved, schedule, ...options }: InputModelOptions,
): InputModel => {
  const form = signal(createFormModel(input, options));
  const earlier = signal(saved.runs(type));
  const draft = saved.draft(type);
  let link = draft?.link;

  const open = (json: string): void => {
    try {
      form.peek().fill(JSON.parse(json));
    } catch {
      // No input of ours. The form stays as it is.
    }
  };

  const [last] = earlier.peek();
  if (last) open(last.json);
  /** What it would begin with next time: that needs no draft. */
  let clean = form.peek().stored.peek();
  if (draft) open(draft.json);

  let scheduled = false;
  const save = (): void => {
    scheduled = false;
    const json = form.peek().stored.peek();
    saved.setDraft(type, json === clean ? undefined : { json, link });
  };
  const dispose = effect(() => {
    form.value.stored.value;
    if (scheduled) return;
    scheduled = true;
    schedule(save);
  });

  return {
    form,
    earlier,
    open,
    openLink(json) {
      if (json === link) return;
      link = json;
      if (json !== form.peek().stored.peek()) open(json);
    },
    reset: () => form.peek().reset(),
    ran() {
      clean = form.peek().stored.peek();
      saved.addRun(type, clean);
      saved.setDraft(type, undefined);
      earlier.value = saved.runs(type);
    },
    update: (entry) =>
      form.value = createFormModel(entry.input, { ...options, previous: form.peek() }),
    dispose,
  };
};
