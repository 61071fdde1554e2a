/**
 * Chunks between their arrival and their reader. It counts what was taken, so that credit is given
 * back in halves of the window and at most one window of chunks ever waits here.
 */
export type ChunkBuffer = ReturnType<typeof createChunkBuffer>;

type Waiter = { resolve(result: IteratorResult<unknown>): void; reject(error: unknown): void };
type Ending = { error?: unknown };

/** Makes an empty buffer; `grant(n)` is called when `n` more chunks may be sent. */
export const createChunkBuffer = (window: number, grant: (n: number) => void) => {
  const waiting: unknown[] = [];
  const waiters: Waiter[] = [];
  let ending: Ending | undefined;
  let taken = 0;

  const took = (n: number): void => {
    taken += n;
    if (ending || taken < window / 2) return;
    grant(taken);
    taken = 0;
  };

  const finish = (waiter: Waiter, { error }: Ending): void =>
    error === undefined ? waiter.resolve({ done: true, value: undefined }) : waiter.reject(error);

  return {
    push(chunk: unknown): void {
      const waiter = waiters.shift();
      if (!waiter) return void waiting.push(chunk);
      waiter.resolve({ done: false, value: chunk });
      took(1);
    },

    /** The next chunk as soon as there is one; then the end, or the error if there was one. */
    next(): Promise<IteratorResult<unknown>> {
      return new Promise((resolve, reject) => {
        if (waiting.length > 0) {
          resolve({ done: false, value: waiting.shift() });
          took(1);
        } else if (ending) finish({ resolve, reject }, ending);
        else waiters.push({ resolve, reject });
      });
    },

    /** Everything that waits, at once. */
    takeAll(): unknown[] {
      const all = waiting.splice(0);
      if (all.length > 0) took(all.length);
      return all;
    },

    /** The sender begins again with its first credit, and will repeat the `received` first chunks. */
    restart(received: number): void {
      taken = 0;
      if (received > waiting.length) grant(received - waiting.length);
    },

    /** A chunk that somebody else has taken already. */
    skip: () => took(1),

    end(error?: unknown): void {
      ending = { error };
      for (const waiter of waiters.splice(0)) finish(waiter, ending);
    },
  };
};
