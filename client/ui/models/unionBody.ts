import { computed, type Signal, signal } from "@preact/signals";
import type { Control, Field } from "./describeInput.ts";
import type { BodyBase, BodyOptions, FieldModel, Purpose } from "./fieldModel.ts";
import { fits } from "./fits.ts";

/** What stands in the branches of a union: only the selected one counts, the others keep theirs. */
export type UnionBody = BodyBase & {
  readonly kind: "union";
  readonly names: string[];
  /** The index of a branch; -1 for none. */
  readonly selected: Signal<number>;
  /** The selected branch. */
  readonly branch: { readonly value: FieldModel | undefined };
  select(index: number): void;
};

type UnionField = Field & { control: Control & { kind: "union" } };

/** Makes the content of a union. */
export const createUnionBody = (field: UnionField, options: BodyOptions): UnionBody => {
  const { issues, dismiss, make } = options;
  const { control: { names, branch: describe, first }, required, initial } = field;
  const selected = signal(-1);
  const checked = signal(false);
  const branches = new Map<number, FieldModel>();

  const branch = computed(() => {
    const index = selected.value;
    if (index < 0) return undefined;
    const known = branches.get(index) ?? make(describe(index), issues);
    branches.set(index, known);
    return known;
  });
  const missing = computed(() => !branch.value && required ? "Choose one." : undefined);

  /** The branch for a value: the one it fits throughout, else the one it is told to be. */
  const indexFor = (value: unknown): number => {
    const indexes = [selected.peek(), ...names.keys()].filter((index) => index >= 0);
    const find = (deep: boolean) => indexes.find((index) => fits(describe(index), value, deep));
    return find(true) ?? find(false) ?? -1;
  };

  const body: UnionBody = {
    kind: "union",
    names,
    selected,
    branch,
    problem: computed(() => checked.value ? missing.value : undefined),
    issues: computed(() => branch.value ? [] : issues.value),
    read: (purpose: Purpose) =>
      branch.value?.read(purpose) ?? { value: undefined, problem: missing.value },
    write(value) {
      dismiss();
      selected.value = value === undefined ? -1 : indexFor(value);
      branch.value?.write(value);
    },
    reset() {
      checked.value = false;
      branches.clear();
      selected.value = initial !== undefined ? indexFor(initial) : required ? first : -1;
      if (initial !== undefined) branch.value?.write(initial);
    },
    check() {
      checked.value = true;
      branch.value?.check();
    },
    select(index) {
      dismiss();
      selected.value = index;
    },
  };
  body.reset();
  return body;
};
