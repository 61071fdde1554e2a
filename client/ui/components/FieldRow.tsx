import type { ComponentChildren } from "preact";
import type { FieldModel } from "../models/fieldModel.ts";
import type { LeafBody } from "../models/leafBody.ts";
import { FieldControl } from "./FieldControl.tsx";
import { FieldNotes, notesOf } from "./FieldNotes.tsx";

type Props = {
  model: FieldModel;
  body: LeafBody;
  /** In place of its title. */
  label?: ComponentChildren;
  /** Goes back from JSON to the control. */
  onDiscard?(): void;
};

/** A field of one control, with its label and its notes. */
export const FieldRow = ({ model, body, label, onDiscard }: Props) => {
  const { field: { name, title, required, control }, id } = model;
  const isBox = control.kind === "boolean";
  return (
    <div class="field" data-kind={control.kind}>
      <div class="field-head">
        <label for={id}>{label ?? title}</label>
        {!label && name !== "" && name !== title && <code>{name}</code>}
        {!label && required && !isBox && <span class="required" aria-hidden="true">required</span>}
        {onDiscard && <button type="button" class="link" onClick={onDiscard}>Start over</button>}
      </div>
      <FieldControl
        model={model}
        body={body}
        aria={{
          id,
          name: id,
          required: required && !isBox,
          "aria-describedby": notesOf(model),
          "aria-invalid": model.problems.value.length > 0 ? "true" : undefined,
        }}
      />
      <FieldNotes model={model} />
    </div>
  );
};
