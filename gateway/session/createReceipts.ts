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
    /** What of each request has come, by this receipt; nothing for one of a frame never sent. */
    take({ id, seq }: Held): Held[] {
      let at = done;
      while (at < sent.length && !(sent[at]!.id === id && sent[at]!.seq === seq)) at++;
      if (at === sent.length) return [];
      const come = new Map<string, Held>();
      for (; done <= at; done++) come.set(sent[done]!.id, sent[done]!);
      sent = sent.slice(done);
      done = 0;
      return [...come.values()];
    },
  };
};
