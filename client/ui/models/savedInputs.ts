import * as v from "valibot";

/** What of a browser's `localStorage` is needed. */
export type InputStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** An input that was run, as JSON, and when: milliseconds since 1970. */
export type SavedInput = v.InferOutput<typeof SavedInput>;
const SavedInput = v.object({ at: v.number(), json: v.string() });

/** An input that was not run yet, and the link that it began with. */
export type Draft = v.InferOutput<typeof Draft>;
const Draft = v.object({ json: v.string(), link: v.optional(v.string()) });

/** The inputs kept in this browser, by request type. What cannot be kept is not; nothing throws. */
export type SavedInputs = {
  /** Those run last, the newest first. */
  runs(type: string): SavedInput[];
  addRun(type: string, json: string): void;
  draft(type: string): Draft | undefined;
  setDraft(type: string, draft: Draft | undefined): void;
};

const MAX_RUNS = 20;
/** Characters of one input that are worth their place. */
const MAX_LENGTH = 100_000;

/**
 * Keeps inputs in a storage.
 * @param storage gives it; throws where the browser allows none
 * @param prefix of its keys: inputs for one gateway are not those for another
 */
export const createSavedInputs = (storage: () => InputStorage, prefix: string): SavedInputs => {
  const read = <Saved>(key: string, schema: v.GenericSchema<unknown, Saved>): Saved | undefined => {
    try {
      return v.parse(schema, JSON.parse(storage().getItem(`${prefix} ${key}`) ?? ""));
    } catch {
      return undefined; // There is none, or it is not one of ours.
    }
  };
  const write = (key: string, value: unknown): void => {
    try {
      if (value === undefined) storage().removeItem(`${prefix} ${key}`);
      else storage().setItem(`${prefix} ${key}`, JSON.stringify(value));
    } catch {
      // It is full, or forbidden: the page does without.
    }
  };

  const runs = (type: string) => read(`runs ${type}`, v.array(SavedInput)) ?? [];
  return {
    runs,
    addRun(type, json) {
      if (json.length > MAX_LENGTH) return;
      const others = runs(type).filter((run) => run.json !== json);
      write(`runs ${type}`, [{ at: Date.now(), json }, ...others].slice(0, MAX_RUNS));
    },
    draft: (type) => read(`draft ${type}`, Draft),
    setDraft(type, draft) {
      if (draft === undefined || draft.json.length <= MAX_LENGTH) write(`draft ${type}`, draft);
    },
  };
};
