/** A map of what is under way. Its methods are a Map's, except that it gives arrays. */
export type TransientMap<Value> = {
  readonly size: number;
  has(key: string): boolean;
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): boolean;
  keys(): string[];
  values(): Value[];
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
  // What is in a box that is here was put there as a value.
  const valueOf = (box: { value?: Value }): Value => box.value as Value;
  return {
    get size() {
      return boxes.size;
    },
    has: (key) => boxes.has(key),
    get: (key) => boxes.get(key)?.value,
    set(key, value) {
      const box = boxes.get(key);
      if (box) box.value = value;
      else boxes.set(key, { value });
    },
    delete(key) {
      const box = boxes.get(key);
      if (box) box.value = undefined;
      return boxes.delete(key);
    },
    keys: () => [...boxes.keys()],
    values: () => [...boxes.values()].map(valueOf),
    entries: () => [...boxes].map(([key, box]) => [key, valueOf(box)]),
  };
};
