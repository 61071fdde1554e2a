import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Control, Field } from "./describeInput.ts";
import type { BodyBase, BodyOptions, FieldModel, Purpose } from "./fieldModel.ts";
import { issuesBeside, issuesWithin } from "./issuesWithin.ts";

/** What stands in the fields of an object. */
export type ObjectBody = BodyBase & {
  readonly kind: "object";
  /** Whether there is the object at all; always, where it is required. */
  readonly given: Signal<boolean>;
  readonly parts: ReadonlySignal<FieldModel[]>;
  /** What else is in it: it came as JSON, and no field is for it. */
  readonly extra: Signal<Record<string, unknown>>;
};

type ObjectField = Field & { control: Control & { kind: "object" } };

/** Makes the content of an object. */
export const createObjectBody = (field: ObjectField, options: BodyOptions): ObjectBody => {
  const { form, issues, make } = options;
  const given = signal(false);
  const extra = signal<Record<string, unknown>>({});
  let made: FieldModel[] | undefined;

  // Not before it is there: an object may hold one like itself, which is not there at first.
  const parts = computed(() =>
    given.value
      ? made ??= field.control.fields().map((part) =>
        make(part, computed(() => issuesWithin(issues.value, part.name)))
      )
      : []
  );
  const shown = () => parts.value.filter((part) => !part.field.hidden);

  const read = (purpose: Purpose) => {
    if (!given.value) return { value: undefined };
    const all = parts.value.map((part) => ({ name: part.field.name, ...part.read(purpose) }));
    const entries = all.filter(({ value }) => value !== undefined)
      .map(({ name, value }): [string, unknown] => [name, value]);
    if (purpose !== "store" || !form.hasSecrets) entries.push(...Object.entries(extra.value));
    return {
      value: Object.fromEntries(entries),
      problem: all.find(({ problem }) => problem !== undefined)?.problem,
    };
  };

  const fill = (value: unknown, put: (part: FieldModel, inner: unknown) => void): void => {
    given.value = field.required || value !== undefined;
    const rest = new Map(Object.entries(value ?? {}));
    for (const part of parts.value) {
      const { name } = part.field;
      put(part, rest.get(name));
      rest.delete(name);
    }
    extra.value = Object.fromEntries(rest);
  };

  const body: ObjectBody = {
    kind: "object",
    given,
    parts,
    extra,
    problem: signal(undefined),
    issues: computed(() => issuesBeside(issues.value, shown().map((part) => part.field.name))),
    read,
    write: (value) => fill(value, (part, inner) => part.write(inner)),
    reset() {
      made = undefined; // Of what is not there now, nothing is kept either.
      fill(field.initial, (part, inner) => {
        part.reset();
        if (inner !== undefined) part.write(inner);
      });
    },
    check: () => parts.value.forEach((part) => part.check()),
  };
  body.reset();
  return body;
};
