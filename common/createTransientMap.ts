/** A map of what is under way, by id. */
export type TransientMap<Value> = {
  readonly size: number;
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
  /** All there are now, in the order in which they came. */
  entries(): [string, Value][];
};

/**
 * Makes a map for what comes and goes quickly, such as requests. When V8's Map grows, or is tidied
 * of what was deleted, it leaves a table behind that still has what was in it, and points to its
 * successor. Once one of these is old, it keeps all later ones, and so everything that ever passed,
 * until the next full collection: nothing dies young any more, and the collector copies all of it.
 * Here such a table keeps an empty box for each.
 */
export const createTransientMap = <Value>(): TransientMap<Value> => {
  const boxes = new Map<string, { value?: Value }>();
  return {
    get size() {
      return boxes.size;
    },
    get: (key) => boxes.get(key)?.value,
    set: (key, value) => void boxes.set(key, { value }),
    delete(key) {
      const box = boxes.get(key);
      boxes.delete(key);
      if (box) box.value = undefined;
    },
    // What is in a box that is here was put there as a value.
    entries: () => [...boxes].map(([key, { value }]) => [key, value as Value]),
  };
};
