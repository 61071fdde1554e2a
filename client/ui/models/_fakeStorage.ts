import type { InputStorage } from "./savedInputs.ts";

/** For tests: a storage in memory, with all it holds to be looked at. */
export const createFakeStorage = (): InputStorage & { items: Map<string, string> } => {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
};
