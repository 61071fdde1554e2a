import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { createShaper, type OutputShape } from "./outputShape.ts";

/**
 * The values that were kept: numbers `first` to `end - 1`, counted from 0, of which `items` holds
 * the first and, as it only grows, perhaps some that came later.
 */
export type Kept = { first: number; end: number; items: readonly unknown[] };

/** What a run gave: kept within a bound, and shown along with it or held still. */
export type OutputModel = {
  /** All that is kept. */
  readonly kept: ReadonlySignal<Kept>;
  /** What is on show: the same, unless it is held. */
  readonly shown: ReadonlySignal<Kept>;
  /** How many came since it is held. */
  readonly fresh: ReadonlySignal<number>;
  readonly shape: ReadonlySignal<OutputShape>;
  push(value: unknown): void;
  /** Shows what was pushed now, not at the next frame. */
  flush(): void;
  /** Keeps what is on show as it is, whatever comes. */
  hold(): void;
  /** Shows what comes again. */
  follow(): void;
};

/** Options of `createOutputModel`. */
export type OutputModelOptions = {
  /** Calls back before the page is drawn next. */
  schedule(callback: () => void): void;
  maxItems?: number;
  /** A bound on the memory that values take, as far as it can be told. */
  maxBytes?: number;
};

/** Makes an output with nothing in it. */
export const createOutputModel = (options: OutputModelOptions): OutputModel => {
  const { schedule, maxItems = 100_000, maxBytes = 32 * 1024 ** 2 } = options;
  const shaper = createShaper();
  const shape = signal(shaper.shape);
  const kept = signal<Kept>({ first: 0, end: 0, items: [] });
  const held = signal<Kept | undefined>();
  const shown = computed(() => held.value ?? kept.value);
  let items: unknown[] = [];
  let total = 0;
  let bytes = 0;
  let scheduled = false;

  /** Always a new array, as the old one may be held; and many at once, as each time takes a while. */
  const drop = (count: number): void => {
    for (const item of items.slice(0, count)) bytes -= sizeOf(item);
    items = items.slice(count);
  };

  const flush = (): void => {
    scheduled = false;
    if (kept.peek().end === total) return;
    if (items.length > maxItems) drop(items.length - maxItems);
    shape.value = shaper.shape;
    kept.value = { first: total - items.length, end: total, items };
  };

  return {
    kept,
    shown,
    fresh: computed(() => kept.value.end - shown.value.end),
    shape,
    push(value) {
      items.push(value);
      total++;
      bytes += sizeOf(value);
      shaper.add(value);
      if (items.length > maxItems * 1.25) drop(items.length - maxItems);
      while (bytes > maxBytes && items.length > 1) drop(Math.ceil(items.length / 8));
      if (scheduled) return;
      scheduled = true;
      schedule(flush);
    },
    flush,
    hold() {
      held.value ??= kept.peek();
    },
    follow() {
      held.value = undefined;
    },
  };
};

/** The values of a list by their numbers, from one up to another. */
export const valuesOf = ({ first, end, items }: Kept, from = first, to = end): unknown[] =>
  items.slice(Math.max(from, first) - first, Math.min(to, end) - first);

/** About how many bytes a value takes in memory. */
const sizeOf = (value: unknown): number => {
  if (typeof value === "string") return 16 + 2 * value.length;
  if (value instanceof Uint8Array) return 64 + value.byteLength;
  if (typeof value !== "object" || value === null) return 8;
  let size = 32;
  for (const part of Object.values(value)) size += 8 + sizeOf(part);
  return size;
};
