import { computed, type Signal, signal } from "@preact/signals";
import type { Control, Field } from "./describeInput.ts";
import type { BodyBase, BodyOptions, FieldModel, Purpose } from "./fieldModel.ts";
import { fits } from "./fits.ts";
import { issuesBeside, issuesWithin } from "./issuesWithin.ts";

/** An item of a list, or an entry of a record under its key. */
export type Row = { readonly model: FieldModel; readonly key: Signal<string> };

/** What stands in a list or, `keyed`, in a record. */
export type ListBody = BodyBase & {
  readonly kind: "list";
  readonly keyed: boolean;
  /** Whether there is the list at all; always, where it is required. */
  readonly given: Signal<boolean>;
  readonly rows: Signal<readonly Row[]>;
  /** Items before this one stay where they are: their places have meanings. */
  readonly places: number;
  /** Whether there can be more items than places. */
  readonly open: boolean;
  add(): void;
  remove(index: number): void;
  move(index: number, to: number): void;
  rename(index: number, key: string): void;
};

type ListField = Field & { control: Control & { kind: "list" | "record" } };

/** Makes the content of a list or a record. */
export const createListBody = (field: ListField, options: BodyOptions): ListBody => {
  const { issues, dismiss, make } = options;
  const { control } = field;
  const keyed = control.kind === "record";
  const { places, open, min } = keyed ? { places: 0, open: true, min: 0 } : control;
  const given = signal(false);
  const rows = signal<readonly Row[]>([]);
  const checked = signal(false);

  const keys = computed(() => rows.value.map(({ key }, index) => keyed ? key.value : `${index}`));
  const twice = computed(() => keys.value.find((key, index) => keys.value.indexOf(key) < index));

  const createRow = (index: number, name = ""): Row => {
    const described = keyed ? control.item() : control.item(index);
    const key = signal(name);
    // By what it is now, not when it was made: rows move.
    const at = computed(() => keyed ? key.value : rows.value.findIndex((row) => row.key === key));
    const model = make(described, computed(() => issuesWithin(issues.value, at.value)));
    return { model, key };
  };

  const change = (next: readonly Row[]): void => {
    dismiss();
    given.value = true;
    rows.value = next;
  };

  const read = (purpose: Purpose) => {
    if (!given.value) return { value: undefined };
    const all = rows.value.map(({ model }) => model.read(purpose));
    const values = all.map(({ value }) => value);
    const duplicate = twice.value;
    return {
      value: keyed
        ? Object.fromEntries(
          values.flatMap((value, index) => value === undefined ? [] : [[keys.value[index], value]]),
        )
        : values,
      problem: duplicate === undefined
        ? all.find(({ problem }) => problem !== undefined)?.problem
        : `"${duplicate}" is there twice.`,
    };
  };

  const fill = (value: unknown, atLeast: number): void => {
    const isGiven = field.required || value !== undefined;
    const entries = Object.entries(isGiven && value || {});
    const old = rows.peek();
    const length = isGiven ? Math.max(entries.length, atLeast) : 0;
    change(Array.from({ length }, (_, index) => {
      const [key, inner] = entries[index] ?? [];
      const kept = keyed ? old.find((row) => row.key.peek() === key) : old[index];
      const row = kept ?? createRow(index, key);
      // What is not there is null in the JSON of a list, which has no holes.
      const isNull = !keyed && inner === null && !fits(row.model.field, null);
      if (isNull) row.model.write(undefined);
      const isHole = isNull && row.model.read("send").value === undefined;
      if (index < entries.length && !isHole) row.model.write(inner);
      return row;
    }));
    given.value = isGiven;
  };

  const body: ListBody = {
    kind: "list",
    keyed,
    given,
    rows,
    places,
    open,
    problem: computed(() =>
      checked.value && twice.value !== undefined ? `"${twice.value}" is there twice.` : undefined
    ),
    issues: computed(() => issuesBeside(issues.value, keys.value)),
    read,
    write(value) {
      fill(value, places);
      // A place stays without a value, too, but not with the one that it had.
      const filled = Object.keys(value ?? {}).length;
      rows.peek().slice(filled).forEach(({ model }) => model.write(undefined));
    },
    reset() {
      rows.value = [];
      checked.value = false;
      fill(field.initial, field.required ? Math.max(places, min) : places);
    },
    check() {
      checked.value = true;
      rows.value.forEach(({ model }) => model.check());
    },
    add: () => change([...rows.value, createRow(rows.value.length)]),
    remove: (index) => change(rows.value.toSpliced(index, 1)),
    move(index, to) {
      const row = rows.value[index];
      if (row && to >= places && to < rows.value.length) {
        change(rows.value.toSpliced(index, 1).toSpliced(to, 0, row));
      }
    },
    rename(index, key) {
      dismiss();
      const row = rows.value[index];
      if (row) row.key.value = key;
    },
  };
  body.reset();
  return body;
};
