import { describeField } from "../models/describeField.ts";
import type { FieldModel } from "../models/fieldModel.ts";
import { FieldControl } from "./FieldControl.tsx";

/** A field with its label, what is to know about it, and what is wrong with it. */
export const FieldRow = ({ model }: { model: FieldModel }) => {
  const { field, id } = model;
  const { name, title, required, control } = field;
  const hint = describeField(field);
  const problems = model.problems.value;
  const describedBy = [
    ...(hint === undefined ? [] : [`${id}-hint`]),
    ...(problems.length === 0 ? [] : [`${id}-problems`]),
  ];
  return (
    <div class="field" data-kind={control.kind}>
      <div class="field-head">
        <label for={id}>{title}</label>
        {name !== "" && name !== title && <code>{name}</code>}
        {required && control.kind !== "boolean" && (
          <span class="required" aria-hidden="true">required</span>
        )}
      </div>
      <FieldControl
        model={model}
        aria={{
          id,
          name: id,
          required: required && control.kind !== "boolean",
          "aria-describedby": describedBy.join(" ") || undefined,
          "aria-invalid": problems.length > 0 ? "true" : undefined,
        }}
      />
      {hint !== undefined && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {problems.length > 0 && (
        <ul class="problems" id={`${id}-problems`}>
          {problems.map((problem) => <li key={problem}>{problem}</li>)}
        </ul>
      )}
      {control.kind === "json" && control.schema && (
        <details>
          <summary>Schema of {title}</summary>
          <pre>{JSON.stringify(control.schema, null, 2)}</pre>
        </details>
      )}
    </div>
  );
};
