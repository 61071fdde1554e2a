import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Field } from "./describeInput.ts";
import { formatBytes } from "./formatBytes.ts";
import type { Issue } from "./issuesOf.ts";
import { type Parsed, parseField, type PickedFile } from "./parseField.ts";

/** What of a browser's `File` a field needs. */
export type FileLike = { name: string; size: number; arrayBuffer(): Promise<ArrayBuffer> };

/** One field and what stands in it. */
export type FieldModel = {
  readonly field: Field;
  /** Unique in the document, for labels. */
  readonly id: string;
  /** What was typed; `"true"` for a ticked box, the index of a choice. */
  readonly text: Signal<string>;
  readonly file: Signal<PickedFile | undefined>;
  /**
   * What is wrong here, once the form was sent; of JSON as it is typed. Not when a field is left:
   * the button pressed next would move away under the pointer.
   */
  readonly problems: ReadonlySignal<string[]>;
  edit(text: string): void;
  /** Reads a picked file into memory; the last one picked wins. Never rejects. */
  pick(file: FileLike | undefined): Promise<void>;
  /** The form is to be sent: from now on problems show as they arise. */
  check(): Parsed;
};

/** What a field is told by its form. */
export type FieldModelOptions = {
  id: string;
  text?: string;
  /** What the worker said about this field of the last input sent. */
  issues: ReadonlySignal<Issue[]>;
  /** The largest file it takes, in bytes; asked when one is picked. */
  maxBytes(): number;
};

/** Makes a field, empty or with its default. */
export const createFieldModel = (field: Field, options: FieldModelOptions): FieldModel => {
  const { id, issues, maxBytes } = options;
  const text = signal(options.text ?? field.initial);
  const file = signal<PickedFile | undefined>();
  const fileProblem = signal<string | undefined>();
  const checked = signal(false);
  const dismissed = signal<Issue[] | undefined>();
  let picks = 0;

  const parse = (): Parsed =>
    fileProblem.value === undefined
      ? parseField(field, { text: text.value, file: file.value })
      : { problem: fileProblem.value };

  const changed = (): void => {
    dismissed.value = issues.value;
  };

  return {
    field,
    id,
    text,
    file,
    problems: computed(() => {
      const { problem } = checked.value ? parse() : {};
      if (problem !== undefined) return [problem];
      if (issues.value === dismissed.value) return [];
      return issues.value.map(({ path, message }) => {
        const inner = path.slice(field.name.length).replace(/^\./, "");
        return inner === "" ? message : `${inner}: ${message}`;
      });
    }),
    edit(next) {
      text.value = next;
      if (field.control.kind === "json") checked.value = true;
      changed();
    },
    async pick(picked) {
      const pick = ++picks;
      changed();
      checked.value = true;
      const read = picked && await readFile(picked, maxBytes());
      if (pick !== picks) return;
      fileProblem.value = typeof read === "string" ? read : undefined;
      file.value = typeof read === "string" ? undefined : read;
    },
    check() {
      checked.value = true;
      return parse();
    },
  };
};

/** The file, or why it cannot be had. */
const readFile = async (file: FileLike, maxBytes: number): Promise<PickedFile | string> => {
  const { name, size } = file;
  if (size > maxBytes) {
    return `${name} has ${formatBytes(size)}; the gateway takes ${formatBytes(maxBytes)} at most.`;
  }
  try {
    return { name, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch (error) {
    return `${name} could not be read: ${error instanceof Error ? error.message : error}`;
  }
};
