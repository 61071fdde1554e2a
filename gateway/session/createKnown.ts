/** One id that is known: with what is under way for it, or without, when that is over. */
export type Known<Value> = { value?: Value };

/** Ids that are over and known still: so many at least, about twice at most. */
const MIN_OVER = 1_000;

/**
 * Makes the list of what one client has under way, by id, and of the ids that are over, so that none
 * of them begins again. To take the oldest out of a Map is to step over all that were taken out
 * before it; so there are two, and the older one is dropped as a whole.
 */
export const createKnown = <Value>({ least = MIN_OVER } = {}) => {
  let young = new Map<string, Known<Value>>();
  let old = new Map<string, Known<Value>>();
  let live = 0;
  let over = 0;

  const find = (id: string): Known<Value> | undefined => young.get(id) ?? old.get(id);

  /** What is under way stays, however old it is. */
  const age = (): void => {
    const older = [...old].filter(([, { value }]) => value !== undefined);
    old = young;
    young = new Map(older);
    over = 0;
  };

  return {
    /** What is known of an id, if anything. */
    find,
    /** What is under way for it. */
    get: (id: string): Value | undefined => find(id)?.value,
    /** Notes what begins. */
    add(id: string, value: Value): void {
      young.set(id, { value });
      live++;
    },
    /** It is over. */
    end(id: string): void {
      const known = find(id);
      if (known?.value === undefined) return;
      known.value = undefined;
      // Its time as one that is over begins now.
      if (old.delete(id)) young.set(id, known);
      live--;
      if (++over > least) age();
    },
    /** Whether nothing is under way. */
    isEmpty: (): boolean => live === 0,
    /** The ids of all that is under way. */
    ids: (): string[] =>
      [...old, ...young].flatMap(([id, { value }]) => value === undefined ? [] : [id]),
  };
};
