/** One deadline that is waited for. */
export type Deadline = { readonly slot: number; onDue?(): void };

/** Many deadlines, kept with one timer. */
export type Deadlines = {
  /** Calls `onDue` once, `ms` milliseconds after `at` (default: now), or up to `SLOT_MS` later. */
  add(ms: number, onDue: () => void, at?: number): Deadline;
  /** Forgets one; does nothing where there is none, or it was met. */
  remove(deadline: Deadline | undefined): void;
};

/** Deadlines are met together with all that end within so many milliseconds. */
const SLOT_MS = 8;

/**
 * Makes an empty list of deadlines. A timer for each request would be among the dearest things that
 * are done for it, though nearly every one is taken back before it is met: here it is an entry in a
 * set. While nothing is waited for there is no timer, so that a process may end.
 */
export const createDeadlines = (
  {
    now = () => performance.now(),
    wake = setTimeout as (task: () => void, ms: number) => unknown,
  } = {},
): Deadlines => {
  const slots = new Map<number, Set<Deadline>>();
  /** The slot that the timer is for, which may be empty by now. */
  let armed = Infinity;
  let timer: unknown;

  const disarm = (): void => {
    clearTimeout(timer as ReturnType<typeof setTimeout>);
    armed = Infinity;
  };
  const arm = (slot: number): void => {
    if (slot >= armed) return;
    disarm();
    armed = slot;
    timer = wake(meet, Math.max(0, slot * SLOT_MS - now()));
  };

  const meet = (): void => {
    armed = Infinity;
    const current = Math.floor(now() / SLOT_MS);
    const due = [...slots.keys()].filter((slot) => slot <= current).sort((a, b) => a - b);
    try {
      for (const slot of due) {
        for (const deadline of slots.get(slot) ?? []) {
          const { onDue } = deadline;
          forget(deadline);
          onDue?.();
        }
      }
    } finally {
      // Where one has thrown, the others of now are among them.
      if (slots.size > 0) arm(Math.min(...slots.keys()));
    }
  };

  const forget = (deadline: Deadline): void => {
    const slot = slots.get(deadline.slot);
    // As in a transient map: a table of the Set may keep the deadline, but nothing of its request.
    deadline.onDue = undefined;
    if (slot?.delete(deadline) && slot.size === 0) slots.delete(deadline.slot);
  };

  return {
    add(ms, onDue, at = now()) {
      const slot = Math.ceil((at + ms) / SLOT_MS);
      const deadline = { slot, onDue };
      const there = slots.get(slot);
      if (there) there.add(deadline);
      else slots.set(slot, new Set([deadline]));
      arm(slot);
      return deadline;
    },
    remove(deadline) {
      if (deadline === undefined) return;
      forget(deadline);
      if (slots.size === 0) disarm();
    },
  };
};
