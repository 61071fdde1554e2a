import { createOutcomeTally, type OutcomeTally } from "./createOutcomeTally.ts";

/** The newest past, in slots of equal length. */
export type Window = ReturnType<typeof createWindow>;

/** Makes a window of so many slots; one in which nothing happens takes no memory. */
export const createWindow = (slots: number) => {
  const past: (OutcomeTally | undefined)[] = [];
  let current: OutcomeTally | undefined;

  return {
    /** Counts one, as a tally does, in the slot of now. */
    count(code: string, ms?: number): void {
      (current ??= createOutcomeTally()).count(code, ms);
    },
    /** Ends the slot of now; gives what was counted in it. */
    turn(): OutcomeTally {
      const ended = current;
      current = undefined;
      if (past.push(ended) > slots) past.shift();
      return ended ?? createOutcomeTally();
    },
    /** All that was counted in the newest slots that are over, and in that of now. */
    sum(newest = slots): OutcomeTally {
      const sum = createOutcomeTally();
      for (const tally of [...past.slice(-newest), current]) if (tally) sum.addAll(tally);
      return sum;
    },
    get isEmpty() {
      return current === undefined && past.every((tally) => tally === undefined);
    },
  };
};
