import type { ComponentChildren } from "preact";
import type { FieldModel } from "../models/fieldModel.ts";
import type { ObjectBody } from "../models/objectBody.ts";
import { FieldRow } from "./FieldRow.tsx";
import { onDemand } from "./onDemand.tsx";

const FieldGroup = onDemand(({ FieldGroup }) => FieldGroup);
const ListField = onDemand(({ ListField }) => ListField);
const UnionField = onDemand(({ UnionField }) => UnionField);

/** A field with all that is in it, or as JSON while its control cannot hold its value. */
export const FieldView = (
  { model, label }: { model: FieldModel; label?: ComponentChildren },
) => {
  const misfit = model.misfit.value;
  const shown = misfit ?? model;
  const { body } = shown;
  switch (body.kind) {
    case "leaf":
      return <FieldRow model={shown} body={body} label={label} onDiscard={misfit && model.reset} />;
    case "list":
      return <ListField model={shown} body={body} label={label} Field={FieldView} />;
    case "union":
      return <UnionField model={shown} body={body} label={label} Field={FieldView} />;
    case "object":
      return (
        <FieldGroup model={model} label={label} given={body.given}>
          <ObjectFields body={body} />
        </FieldGroup>
      );
  }
};

/** The fields of an object, and what of it has none. */
export const ObjectFields = ({ body }: { body: ObjectBody }) => {
  const others = Object.keys(body.extra.value);
  return (
    <>
      {body.parts.value.map((part) =>
        part.field.hidden ? null : <FieldView key={part.id} model={part} />
      )}
      {others.length > 0 && (
        <p class="quiet">
          Sent too, and seen as JSON: <code>{others.join(", ")}</code>{" "}
          <button type="button" class="link" onClick={() => body.extra.value = {}}>
            Leave out
          </button>
        </p>
      )}
    </>
  );
};
