import type { TargetedEvent } from "preact";
import type { TextType } from "../models/describeInput.ts";
import type { FieldModel } from "../models/fieldModel.ts";
import type { LeafBody } from "../models/leafBody.ts";
import { optionText } from "../models/optionText.ts";
import { onDemand } from "./onDemand.tsx";

const FileControl = onDemand(({ FileControl }) => FileControl);

/** What ties a control to its label and its notes. */
export type ControlAttributes = {
  id: string;
  name: string;
  required: boolean;
  "aria-describedby"?: string;
  "aria-invalid"?: "true";
};

type Props = { model: FieldModel; body: LeafBody; aria: ControlAttributes };
type WithText = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** The control itself. */
export const FieldControl = ({ model, body, aria }: Props) => {
  const { control, placeholder, required, secret } = model.field;
  const text = body.text.value;
  const onInput = (event: TargetedEvent<WithText>) => body.edit(event.currentTarget.value);
  const typed = { ...aria, placeholder, value: text, onInput };

  const multiline = control.kind === "text" && control.multiline;
  if (secret && !multiline && (control.kind === "text" || control.kind === "number")) {
    return <input {...typed} type="password" autocomplete="off" />;
  }
  switch (control.kind) {
    case "text": {
      if (multiline) {
        // A key of several lines would lose them in an input of type "password".
        const hidden = secret && { class: "secret", spellcheck: false };
        return <textarea {...typed} rows={4} {...hidden} />;
      }
      const type = typeFor(control.type, text) as "text"; // Any of them takes these attributes.
      return <input {...typed} type={type} step={control.seconds ? 1 : undefined} />;
    }
    case "json":
      return <textarea {...typed} class="json" rows={4} spellcheck={false} />;
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
          onChange={(event) => body.edit(String(event.currentTarget.checked))}
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
      return <FileControl body={body} aria={aria} />;
  }
};

/** What some inputs can show; they would hide anything else, and then they are text. */
const SHAPES: { [Type in TextType]?: RegExp } = {
  date: /^(\d{4}-\d\d-\d\d)?$/,
  time: /^(\d\d:\d\d(:\d\d)?)?$/,
  "datetime-local": /^(\d{4}-\d\d-\d\dT\d\d:\d\d)?$/,
};

const typeFor = (type: TextType, text: string): TextType =>
  SHAPES[type]?.test(text) === false ? "text" : type;
