import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import { describeInput } from "./describeInput.ts";
import { createFieldModel, type FieldModel } from "./fieldModel.ts";
import { fittingPart } from "./fits.ts";
import { createHeld, type Held } from "./held.ts";
import type { Issue } from "./issuesOf.ts";
import type { Parsed } from "./parseJson.ts";

/** A form for one handler's input, which can be written as JSON instead. */
export type FormModel = {
  readonly root: FieldModel;
  /** The input as JSON, while it is shown so; what bytes and secrets are is not shown. */
  readonly json: ReadonlySignal<string | undefined>;
  /** What is wrong with the JSON, or with what it says. */
  readonly jsonProblems: ReadonlySignal<string[]>;
  /** Issues that belong to no field. */
  readonly otherIssues: ReadonlySignal<Issue[]>;
  /** The input as it may be stored and put into a link: JSON without bytes and secrets. */
  readonly stored: ReadonlySignal<string>;
  readonly held: Held;
  /** Shows the fields instead of the JSON, or the other way round; not while it is no JSON. */
  toggleJson(): void;
  editJson(text: string): void;
  /** Puts a value into the fields. */
  fill(value: unknown): void;
  reset(): void;
  /** Checks all fields: the input to send, or that some have problems. */
  read(): { payload: unknown; invalid?: undefined } | { invalid: true };
};

/** What a form is told by its page. */
export type FormModelOptions = {
  /** Prefix of the fields' ids, unique in the document. */
  id: string;
  /** What the worker said about the last input sent. */
  issues: ReadonlySignal<Issue[]>;
  /** The largest file a field takes, in bytes. */
  maxBytes(): number;
  /** A form for an earlier schema of the same handler: what still fits of it is kept. */
  previous?: FormModel;
};

/** Makes the form that a JSON Schema asks for. */
export const createFormModel = (schema: JsonSchema, options: FormModelOptions): FormModel => {
  const { id, issues, maxBytes, previous } = options;
  const held = previous?.held ?? createHeld();
  const hasSecrets = JSON.stringify(schema).includes('"secret":true');
  const root = createFieldModel(describeInput(schema), {
    id,
    issues,
    form: { held, maxBytes, hasSecrets },
  });
  if (previous) root.write(fittingPart(root.field, previous.root.read("send").value));
  const json = signal(previous?.json.peek());
  const dismissed = signal<Issue[] | undefined>();
  const parsed = computed((): Parsed => held.parse(json.value || "null"));

  const form: FormModel = {
    root,
    json,
    jsonProblems: computed(() => {
      const { problem } = parsed.value;
      if (problem !== undefined) return [problem];
      if (issues.value === dismissed.value) return [];
      return issues.value.map(({ path, message }) => path === "" ? message : `${path}: ${message}`);
    }),
    otherIssues: computed(() =>
      root.body.kind === "object" && !root.misfit.value ? root.issues.value : []
    ),
    stored: computed(() => JSON.stringify(root.read("store").value, withoutBytes) ?? ""),
    held,
    toggleJson() {
      if (json.value === undefined) json.value = held.write(root.read("show").value);
      else if (parsed.value.problem === undefined) json.value = undefined;
    },
    editJson(text) {
      json.value = text;
      dismissed.value = issues.peek();
      const { value, problem } = parsed.value;
      if (problem === undefined) root.write(text === "" ? undefined : value);
    },
    fill(value) {
      root.write(value);
      if (json.value !== undefined) json.value = held.write(root.read("show").value);
    },
    reset() {
      root.reset();
      if (json.value !== undefined) json.value = held.write(root.read("show").value);
    },
    read() {
      root.check();
      const { value, problem } = json.value === undefined ? root.read("send") : parsed.value;
      if (problem !== undefined) return { invalid: true };
      return { payload: json.value === "" ? undefined : value };
    },
  };
  return form;
};

const withoutBytes = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array ? undefined : value;
