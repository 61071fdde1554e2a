import { computed, type ReadonlySignal } from "@preact/signals";
import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import { describeInput, type Field } from "./describeInput.ts";
import { createFieldModel, type FieldModel } from "./fieldModel.ts";
import type { Issue } from "./issuesOf.ts";

/** A form for one handler's input. */
export type FormModel = {
  readonly fields: FieldModel[];
  /** Issues that belong to no field. */
  readonly otherIssues: ReadonlySignal<Issue[]>;
  /** Checks all fields: the input to send, or the ids of the fields that have problems. */
  read(): { payload: unknown; invalid?: undefined } | { invalid: string[] };
};

/** What a form is told by its page. */
export type FormModelOptions = {
  /** Prefix of the fields' ids, unique in the document. */
  id: string;
  /** What the worker said about the last input sent. */
  issues: ReadonlySignal<Issue[]>;
  /** The largest file a field takes, in bytes. */
  maxBytes(): number;
  /** A form for an earlier schema of the same handler: what was typed there is kept. */
  previous?: FormModel;
};

/** Makes the form that a JSON Schema asks for. */
export const createFormModel = (schema: JsonSchema, options: FormModelOptions): FormModel => {
  const { id, issues, maxBytes, previous } = options;
  const { whole, fields: described } = describeInput(schema);
  const owner = ({ path }: Issue) =>
    described.find(({ name }) => whole || path === name || path.startsWith(`${name}.`));

  const fields = described.map((field, index) => {
    const before = previous?.fields.find((old) => isAlike(old.field, field));
    return createFieldModel(field, {
      id: `${id}-${index}`,
      text: before?.text.peek(),
      issues: computed(() => issues.value.filter((issue) => owner(issue) === field)),
      maxBytes,
    });
  });

  return {
    fields,
    otherIssues: computed(() => issues.value.filter((issue) => owner(issue) === undefined)),
    read() {
      const entries: [string, unknown][] = [];
      const invalid: string[] = [];
      for (const { field: { name }, id, check } of fields) {
        const parsed = check();
        if (parsed.problem !== undefined) invalid.push(id);
        else if (parsed.value !== undefined) entries.push([name, parsed.value]);
      }
      if (invalid.length > 0) return { invalid };
      return { payload: whole ? entries[0]?.[1] : Object.fromEntries(entries) };
    },
  };
};

const isAlike = (one: Field, other: Field): boolean =>
  one.name === other.name && JSON.stringify(one.control) === JSON.stringify(other.control);
