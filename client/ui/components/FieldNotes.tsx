import { describeField, sentences } from "../models/describeField.ts";
import type { FieldModel } from "../models/fieldModel.ts";

/** What is to know about a field, and what is wrong with it. */
export const FieldNotes = ({ model }: { model: FieldModel }) => {
  const { field, id } = model;
  const hint = hintOf(model);
  const problems = model.problems.value;
  const { control } = field;
  return (
    <>
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {problems.length > 0 && (
        <ul class="problems" id={`${id}-problems`}>
          {problems.map((problem) => <li key={problem}>{problem}</li>)}
        </ul>
      )}
      {control.kind === "json" && control.schema && (
        <details>
          <summary>Schema{field.title && ` of ${field.title}`}</summary>
          <pre>{JSON.stringify(control.schema, null, 2)}</pre>
        </details>
      )}
    </>
  );
};

/** The ids of the notes, for `aria-describedby`. */
export const notesOf = (model: FieldModel): string | undefined =>
  [
    ...(hintOf(model) ? [`${model.id}-hint`] : []),
    ...(model.problems.value.length > 0 ? [`${model.id}-problems`] : []),
  ].join(" ") || undefined;

const hintOf = ({ field, body }: FieldModel): string => {
  const { control, required } = field;
  const isEmptyText = body.kind === "leaf" && control.kind === "text" && !required &&
    body.given.value && body.text.value === "";
  return sentences([
    field.notice,
    describeField(field),
    isEmptyText ? "The empty text is sent." : undefined,
    field.secret ? "It is secret: not kept, and in no link." : undefined,
  ]);
};
