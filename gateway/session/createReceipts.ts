import type { Held } from "../../common/schemas/clientMessages.ts";

/** Frames on their way to a client; more are counted as having come. */
const MAX_UNTOLD = 8_192;

/** Of one connection. */
export type Receipts = ReturnType<typeof createReceipts>;

/**
 * Remembers in which order frames went over one connection, so that one receipt of the client's
 * stands for all frames up to that one.
 */
export const createReceipts = ({ most = MAX_UNTOLD } = {}) => {
  let sent: Held[] = [];
  /** How many of `sent` are over. */
  let done = 0;

  return {
    /** Notes a frame; gives one that is no longer waited for, where there are too many. */
    add(id: string, index: number): Held | undefined {
      if (done > most) {
        sent = sent.slice(done);
        done = 0;
      }
      sent.push({ id, seq: index + 1 });
      return sent.length - done > most ? sent[done++] : undefined;
    },
    /** What has come by this receipt, in its order; nothing for one of a frame never sent. */
    take({ id, seq }: Held): Held[] {
      let at = done;
      while (at < sent.length && !(sent[at]!.id === id && sent[at]!.seq === seq)) at++;
      if (at === sent.length) return [];
      const come = sent.slice(done, at + 1);
      sent = sent.slice(at + 1);
      done = 0;
      // Of a stream the last one stands for all.
      return come.filter(({ id }, n) => id !== come[n + 1]?.id);
    },
  };
};
