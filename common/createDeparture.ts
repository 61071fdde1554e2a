/** The end of a tick, where a runtime has one: browsers have only the microtask. */
export type EndOfTick = (task: () => void) => unknown;

/** Options of `createDeparture`. */
export type DepartureOptions = {
  atEndOfTick: EndOfTick;
  /** A clock that never goes back, in milliseconds. */
  now?(): number;
};

const monotonic = (): number => performance.now();

/** What is said after so many milliseconds of silence is alone, as far as anybody can tell. */
const SILENCE_MS = 0.2;

/**
 * Decides when what was said leaves; to be called with each thing that is said. One after a silence
 * leaves as soon as the current work is done. Else all of a tick leaves together at its end: a
 * generator's next chunks come along, and so do the answers to what was read from other sockets in
 * the same turn. `leave` is called at the end of every tick in which something was said, even when
 * nothing is left to leave.
 */
export const createDeparture = (
  leave: () => void,
  { atEndOfTick, now = monotonic }: DepartureOptions,
): () => void => {
  let isOpen = false;
  let saidUntil = -Infinity;
  const endTick = (): void => {
    isOpen = false;
    saidUntil = now();
    leave();
  };
  return () => {
    if (isOpen) return;
    isOpen = true;
    // First, as the tick may end with a microtask, too.
    if (now() - saidUntil >= SILENCE_MS) queueMicrotask(leave);
    atEndOfTick(endTick);
  };
};
