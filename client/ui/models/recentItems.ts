import { type ReadonlySignal, signal } from "@preact/signals";

/** The newest items of a list; `first` is the number of the oldest of them, counted from 0. */
export type Recent<Item> = { first: number; items: readonly Item[] };

/** A list that keeps its newest items and shows them once a frame. */
export type RecentItems<Item> = {
  readonly shown: ReadonlySignal<Recent<Item>>;
  push(item: Item): void;
  /** Shows what was pushed now, not at the next frame. */
  flush(): void;
  clear(): void;
};

/** Options of `createRecentItems`. */
export type RecentItemsOptions = {
  /** How many items are kept. */
  limit: number;
  /** Calls back before the page is drawn next: `requestAnimationFrame`. */
  schedule(callback: () => void): void;
};

/** Makes an empty list. What waits for a frame is bounded too: a hidden tab gets no frames. */
export const createRecentItems = <Item>(options: RecentItemsOptions): RecentItems<Item> => {
  const { limit, schedule } = options;
  const shown = signal<Recent<Item>>({ first: 0, items: [] });
  let kept: Item[] = [];
  let total = 0;
  let scheduled = false;

  const flush = (): void => {
    scheduled = false;
    const items = kept.slice(-limit);
    const first = total - items.length;
    if (first + items.length === end(shown.peek())) return;
    shown.value = { first, items };
  };

  return {
    shown,
    push(item) {
      kept.push(item);
      total++;
      // Cut in large pieces: moving the whole array for every item would cost more than the item.
      if (kept.length >= 2 * limit) kept = kept.slice(-limit);
      if (scheduled) return;
      scheduled = true;
      schedule(flush);
    },
    flush,
    clear() {
      kept = [];
      total = 0;
      shown.value = { first: 0, items: [] };
    },
  };
};

const end = ({ first, items }: Recent<unknown>): number => first + items.length;
