/** A reader that takes something says so this often at least, in milliseconds. */
const GRANT_MS = 1_000;

/**
 * Chunks between their arrival and their reader. It counts what was taken, so that credit is given
 * back in halves of the window and at most one window of chunks ever waits here. A slow reader's
 * goes back sooner: by that its sender knows that somebody reads.
 */
export type ChunkBuffer = ReturnType<typeof createChunkBuffer>;

type Waiter = { resolve(result: IteratorResult<unknown>): void; reject(error: unknown): void };
type Ending = { error?: unknown };
type Chunk = { data: unknown; cost: number };

/** Makes an empty buffer; `grant(n)` is called when the sender has `n` more credit. */
export const createChunkBuffer = (
  window: number,
  grant: (n: number) => void,
  { now = () => performance.now() } = {},
) => {
  const waiting: Chunk[] = [];
  const waiters: Waiter[] = [];
  let ending: Ending | undefined;
  /** What was taken and not granted again yet. */
  let owed = 0;
  let grantedAt = now();

  const took = (cost: number): void => {
    owed += cost;
    if (ending || (owed < window / 2 && now() - grantedAt <= GRANT_MS)) return;
    grant(owed);
    owed = 0;
    grantedAt = now();
  };

  const finish = (waiter: Waiter, { error }: Ending): void =>
    error === undefined ? waiter.resolve({ done: true, value: undefined }) : waiter.reject(error);

  return {
    push(data: unknown, cost = 1): void {
      const waiter = waiters.shift();
      if (!waiter) return void waiting.push({ data, cost });
      waiter.resolve({ done: false, value: data });
      took(cost);
    },

    /** The next chunk as soon as there is one; then the end, or the error if there was one. */
    next(): Promise<IteratorResult<unknown>> {
      return new Promise((resolve, reject) => {
        const chunk = waiting.shift();
        if (chunk) {
          resolve({ done: false, value: chunk.data });
          took(chunk.cost);
        } else if (ending) finish({ resolve, reject }, ending);
        else waiters.push({ resolve, reject });
      });
    },

    /** Everything that waits, at once. */
    takeAll(): unknown[] {
      const all = waiting.splice(0);
      if (all.length > 0) took(all.reduce((sum, { cost }) => sum + cost, 0));
      return all.map(({ data }) => data);
    },

    /** A chunk that somebody else has taken, or that came before. */
    skip: (cost = 1): void => took(cost),

    end(error?: unknown): void {
      ending = { error };
      for (const waiter of waiters.splice(0)) finish(waiter, ending);
    },
  };
};
