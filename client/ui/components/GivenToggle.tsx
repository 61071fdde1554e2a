import type { Signal } from "@preact/signals";
import type { FieldModel } from "../models/fieldModel.ts";

/** Adds what need not be given, and leaves it out again; what was in it stays in mind. */
export const GivenToggle = (
  { model: { field }, given }: { model: FieldModel; given: Signal<boolean> },
) => {
  if (field.required) return null;
  return (
    <button type="button" class="link" onClick={() => given.value = !given.peek()}>
      {given.value ? "Leave out" : "Add"} {field.title}
    </button>
  );
};
