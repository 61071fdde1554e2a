import { computed, type Signal, signal } from "@preact/signals";
import type { Field } from "./describeInput.ts";
import type { BodyBase, BodyOptions } from "./fieldModel.ts";
import { formatBytes } from "./formatBytes.ts";
import { fieldText, parseField, type PickedFile } from "./parseField.ts";

/** What of a browser's `File` a field needs. */
export type FileLike = { name: string; size: number; arrayBuffer(): Promise<ArrayBuffer> };

/** What stands in a single control. */
export type LeafBody = BodyBase & {
  readonly kind: "leaf";
  /** What was typed; `"true"` for a ticked box, the index of a choice. */
  readonly text: Signal<string>;
  readonly file: Signal<PickedFile | undefined>;
  /** Whether text that is empty is meant to be, though it need not be given. */
  readonly given: Signal<boolean>;
  edit(text: string): void;
  /** Reads a picked file into memory; the last one picked wins. Never rejects. */
  pick(file: FileLike | undefined): Promise<void>;
};

/** Makes the content of a control. */
export const createLeafBody = (field: Field, options: BodyOptions): LeafBody => {
  const { form: { held, maxBytes }, issues, dismiss } = options;
  const text = signal("");
  const file = signal<PickedFile | undefined>();
  const given = signal(false);
  const fileProblem = signal<string | undefined>();
  const checked = signal(false);
  let picks = 0;

  const parsed = computed(() =>
    fileProblem.value === undefined
      ? parseField(field, { text: text.value, file: file.value, given: given.value }, held)
      : { value: undefined, problem: fileProblem.value }
  );

  const write = (value: unknown): void => {
    picks++;
    fileProblem.value = undefined;
    given.value = value !== undefined;
    if (value instanceof Uint8Array) file.value = { name: held.nameOf(value), bytes: value };
    else file.value = undefined;
    text.value = file.value ? "" : fieldText(field, value, held);
  };

  const body: LeafBody = {
    kind: "leaf",
    text,
    file,
    given,
    issues,
    problem: computed(() => checked.value ? parsed.value.problem : undefined),
    read: () => parsed.value,
    write(value) {
      dismiss();
      write(value);
    },
    reset() {
      checked.value = false;
      write(field.initial);
    },
    check: () => checked.value = true,
    edit(next) {
      text.value = next;
      given.value = next !== "";
      if (field.control.kind === "json") checked.value = true;
      dismiss();
    },
    async pick(picked) {
      const pick = ++picks;
      dismiss();
      checked.value = true;
      const read = picked && await readFile(picked, maxBytes());
      if (pick !== picks) return;
      fileProblem.value = typeof read === "string" ? read : undefined;
      file.value = typeof read === "string" ? undefined : read;
      if (file.value) held.setName(file.value.bytes, file.value.name);
    },
  };
  body.reset();
  return body;
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
