/**
 * Remembers requests that were cancelled before they arrived, so that they never start. Bounded:
 * the oldest are forgotten first; by then they have met their deadline in the queue.
 */
export const createTombstones = ({ most = 20_000 } = {}) => {
  const ids = new Set<string>();
  return {
    add(id: string): void {
      ids.add(id);
      if (ids.size <= most) return;
      const [oldest] = ids;
      ids.delete(oldest!);
    },
    /** Whether it was cancelled; it is forgotten with that. */
    take: (id: string): boolean => ids.delete(id),
  };
};
