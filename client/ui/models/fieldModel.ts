import { computed, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { Field } from "./describeInput.ts";
import { fits } from "./fits.ts";
import type { Held } from "./held.ts";
import type { Issue } from "./issuesOf.ts";
import { isSame } from "./isSame.ts";
import { createLeafBody, type LeafBody } from "./leafBody.ts";
import { createListBody, type ListBody } from "./listBody.ts";
import { createObjectBody, type ObjectBody } from "./objectBody.ts";
import type { Parsed } from "./parseJson.ts";
import { createUnionBody, type UnionBody } from "./unionBody.ts";

/** What a value is read for: to be sent, shown as JSON, or stored. Secrets are only sent. */
export type Purpose = "send" | "show" | "store";

/** How a field and what is in it are read and filled. */
export type Content = {
  /** The value, with what is wrong about it; `undefined` stands for none. */
  read(purpose: Purpose): Parsed;
  /** Takes a value that fits, or `undefined` to have none. */
  write(value: unknown): void;
  /** Begins anew: with an example or a default where there is one. */
  reset(): void;
  /** The form is to be sent: from now on problems show as they arise. */
  check(): void;
};

/** What is in a field, by the kind of its control. */
export type Body = LeafBody | ObjectBody | ListBody | UnionBody;

/** What every body has. */
export type BodyBase = Content & {
  /** What is wrong with it, as far as that is known here. */
  readonly problem: ReadonlySignal<string | undefined>;
  /** What the worker said about it, but not about a field within. */
  readonly issues: ReadonlySignal<Issue[]>;
};

/** One field and what stands in it, or in the fields within. */
export type FieldModel = Content & {
  readonly field: Field;
  /** Unique in the document, for labels. */
  readonly id: string;
  readonly body: Body;
  /** JSON in place of its control, while it has a value that the control cannot hold. */
  readonly misfit: ReadonlySignal<FieldModel | undefined>;
  /** What the worker said about this very place of the last input sent. */
  readonly issues: ReadonlySignal<Issue[]>;
  /**
   * What is wrong here, once the form was sent; of JSON as it is typed. Not when a field is left:
   * the button pressed next would move away under the pointer.
   */
  readonly problems: ReadonlySignal<string[]>;
};

/** What all fields of a form share. */
export type FormContext = {
  held: Held;
  /** The largest file a field takes, in bytes; asked when one is picked. */
  maxBytes(): number;
  /** Whether any of the fields is secret: then nothing is stored but what has a known field. */
  hasSecrets: boolean;
};

/** What a body is told by its field. */
export type BodyOptions = {
  form: FormContext;
  /** What the worker said about it and what is in it, by paths that begin here. */
  issues: ReadonlySignal<Issue[]>;
  /** These no longer hold: it was changed. */
  dismiss(): void;
  /** Makes a field within. */
  make(field: Field, issues: ReadonlySignal<Issue[]>): FieldModel;
};

/** Where a field stands. */
export type FieldPlace = { id: string; form: FormContext; issues: ReadonlySignal<Issue[]> };

/** Makes a field as `reset` leaves it. */
export const createFieldModel = (field: Field, place: FieldPlace): FieldModel => {
  const { id, form, issues: all } = place;
  const dismissed = signal<Issue[] | undefined>();
  const issues = computed(() => all.value === dismissed.value ? [] : all.value);
  const misfit = signal<FieldModel | undefined>();
  let made = 0;

  const options: BodyOptions = {
    form,
    issues,
    dismiss: () => dismissed.value = all.peek(),
    make: (inner, issues) => createFieldModel(inner, { id: `${id}-${made++}`, form, issues }),
  };
  // Fields are made while others are looked at; what they begin with is no reason to look again.
  const body = untracked(() => createBody(field, options));

  const read = (purpose: Purpose): Parsed => {
    const instead = misfit.value;
    const isJson = instead !== undefined || field.control.kind === "json";
    // Where there are secrets, JSON may hold one: only what has a control is known to be none.
    const isKept = !field.secret && !(isJson && form.hasSecrets);
    if (purpose === "store" && !isKept) return { value: undefined };
    const parsed = (instead ?? body).read(purpose);
    if (purpose === "send" || !field.secret || parsed.value === undefined) return parsed;
    return { ...parsed, value: form.held.hide(parsed.value, "secret") };
  };

  const write = (value: unknown): void => {
    // So what is the same stays as it was typed, with the place of the cursor and what is hidden.
    if (isSame(read("send").value, value)) return;
    const isMisfit = value !== undefined && !fits(field, value);
    misfit.value = isMisfit ? createMisfit() : undefined;
    (misfit.value ?? body).write(value);
  };

  const createMisfit = (): FieldModel => {
    const notice = "Its value does not fit its control, so that it stands here as JSON.";
    const json: Field = { ...field, control: { kind: "json" }, initial: undefined, notice };
    // Its secret is kept here, once for both.
    return createFieldModel({ ...json, secret: false }, { id: `${id}-json`, form, issues: all });
  };

  return {
    field,
    id,
    body,
    misfit,
    issues: body.issues,
    problems: computed(() => [
      ...body.problem.value === undefined ? [] : [body.problem.value],
      ...body.issues.value.map(({ path, message }) =>
        path === "" ? message : `${path}: ${message}`
      ),
    ]),
    read,
    write,
    reset() {
      misfit.value = undefined;
      body.reset();
    },
    check: () => (misfit.value ?? body).check(),
  };
};

const createBody = (field: Field, options: BodyOptions): Body => {
  const { control } = field;
  const initial = fits(field, field.initial) ? field.initial : undefined;
  switch (control.kind) {
    case "object":
      return createObjectBody({ ...field, control, initial }, options);
    case "list":
    case "record":
      return createListBody({ ...field, control, initial }, options);
    case "union":
      return createUnionBody({ ...field, control, initial }, options);
    default:
      return createLeafBody(field, options);
  }
};
