import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { fuzzyScore } from "./fuzzyScore.ts";

/** Something one can go to. */
export type Place = { href: string; name: string; title?: string };

/** A list of places that narrows as one types, with one of them marked. */
export type FinderModel = {
  readonly query: ReadonlySignal<string>;
  readonly found: ReadonlySignal<readonly Place[]>;
  /** The number of the marked one; it stays within what was found. */
  readonly marked: ReadonlySignal<number>;
  type(query: string): void;
  /** Marks the next one (1) or the one before (-1); after the last one comes the first. */
  move(by: number): void;
};

/** Starts with every place there is, the first one marked. */
export const createFinderModel = (places: ReadonlySignal<readonly Place[]>): FinderModel => {
  const query = signal("");
  const wanted = signal(0);
  const found = computed(() =>
    places.value
      .map((place) => ({
        place,
        score: fuzzyScore(query.value, `${place.name} ${place.title ?? ""}`),
      }))
      .filter(({ score }) => score !== undefined)
      .sort((one, two) => query.value.trim() ? two.score! - one.score! : 0)
      .map(({ place }) => place)
  );
  const marked = computed(() => Math.min(wanted.value, Math.max(0, found.value.length - 1)));
  return {
    query,
    found,
    marked,
    type(next) {
      query.value = next;
      wanted.value = 0;
    },
    move(by) {
      const { length } = found.peek();
      if (length > 0) wanted.value = (marked.peek() + by + length) % length;
    },
  };
};
