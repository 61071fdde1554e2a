import type { ComponentChildren } from "preact";
import type { FieldModel } from "../models/fieldModel.ts";
import type { UnionBody } from "../models/unionBody.ts";
import { FieldGroup } from "./FieldGroup.tsx";
import { notesOf } from "./FieldNotes.tsx";
import type { FieldComponent } from "./ListField.tsx";

type Props = {
  model: FieldModel;
  body: UnionBody;
  label?: ComponentChildren;
  Field: FieldComponent;
};

/** One of several shapes: which one, and its fields. */
export const UnionField = ({ model, body, label, Field }: Props) => {
  const { title, required } = model.field;
  const { names, selected, branch } = body;
  const name = title || "Item";
  const index = selected.value;
  return (
    <FieldGroup model={model} label={label}>
      <div class="union" data-body={branch.value?.body.kind}>
        <select
          aria-label={`Kind of ${name}`}
          aria-describedby={notesOf(model)}
          aria-invalid={model.problems.value.length > 0 ? "true" : undefined}
          value={index}
          onInput={(event) => body.select(Number(event.currentTarget.value))}
        >
          {(index < 0 || !required) && (
            <option value={-1}>{required ? "Choose…" : "Not set"}</option>
          )}
          {names.map((branchName, at) => <option key={at} value={at}>{branchName}</option>)}
        </select>
        {branch.value && !isConstant(branch.value) && (
          <Field key={index} model={branch.value} label={`${name}: ${names[index]}`} />
        )}
      </div>
    </FieldGroup>
  );
};

/** There is nothing to give where the branch is one value. */
const isConstant = ({ field: { control }, misfit }: FieldModel): boolean =>
  control.kind === "choice" && control.options.length === 1 && !misfit.value;
