import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { FieldModel } from "../models/fieldModel.ts";
import { FieldNotes, notesOf } from "./FieldNotes.tsx";
import { GivenToggle } from "./GivenToggle.tsx";

type Props = {
  model: FieldModel;
  label?: ComponentChildren;
  /** Whether there is anything, where that can be chosen. */
  given?: Signal<boolean>;
  children: ComponentChildren;
};

/** Fields that belong together, under a legend. It takes the focus when it has a problem itself. */
export const FieldGroup = ({ model, label, given, children }: Props) => {
  const { field: { name, title }, id } = model;
  const isInvalid = model.problems.value.length > 0;
  return (
    <fieldset
      class="group"
      id={id}
      tabIndex={-1}
      data-invalid={isInvalid || undefined}
      aria-describedby={notesOf(model)}
    >
      <legend>
        {label ?? title} {!label && name !== "" && name !== title && <code>{name}</code>}
      </legend>
      {given && (
        <span class="tools">
          <GivenToggle model={model} given={given} />
        </span>
      )}
      <div class="group-body">
        <FieldNotes model={model} />
        {children}
      </div>
    </fieldset>
  );
};
