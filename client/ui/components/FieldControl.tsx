import type { TargetedEvent } from "preact";
import { optionText } from "../models/describeInput.ts";
import type { FieldModel } from "../models/fieldModel.ts";
import { FileControl } from "./FileControl.tsx";

/** What ties a control to its label and its texts. */
export type ControlAttributes = {
  id: string;
  name: string;
  required: boolean;
  "aria-describedby"?: string;
  "aria-invalid"?: "true";
};

type WithText = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** The control itself. */
export const FieldControl = ({ model, aria }: { model: FieldModel; aria: ControlAttributes }) => {
  const { field: { control, placeholder, required } } = model;
  const text = model.text.value;
  const onInput = (event: TargetedEvent<WithText>) => model.edit(event.currentTarget.value);
  const typed = { ...aria, placeholder, value: text, onInput };

  switch (control.kind) {
    case "text":
      return control.multiline
        ? <textarea {...typed} rows={5} />
        : <input {...typed} type="text" />;
    case "json":
      return <textarea {...typed} class="json" rows={5} spellcheck={false} />;
    case "number": {
      // Not type="number": what is no number would be an empty value there, and a wheel changes it.
      const canBeNegative = control.min === undefined || control.min < 0;
      const keys = canBeNegative ? undefined : control.integer ? "numeric" : "decimal";
      return <input {...typed} type="text" class="number" inputMode={keys} autocomplete="off" />;
    }
    case "boolean":
      return (
        <input
          {...aria}
          type="checkbox"
          checked={text === "true"}
          onChange={(event) => model.edit(String(event.currentTarget.checked))}
        />
      );
    case "choice":
      return (
        <select {...aria} value={text} onInput={onInput}>
          {(text === "" || !required) && (
            <option value="">{required ? "Choose…" : "Not set"}</option>
          )}
          {control.options.map((option, index) => (
            <option key={index} value={String(index)}>{optionText(option)}</option>
          ))}
        </select>
      );
    case "file":
      return <FileControl model={model} aria={aria} />;
  }
};
