import type { BusRequest } from "../schemas/busMessages.ts";

/** One request in the broker. */
export type Entry<Member> = {
  request: BusRequest;
  from: Member;
  /** When its time is over, on the broker's clock. */
  expiresAt: number;
  /** Who was given it last. */
  holder?: Member;
};

/** Who takes requests of a type, and for how many more there is room. */
type Consumer<Member> = { member: Member; free: number };

/** The queue of one request type. */
export type RequestQueue<Member> = ReturnType<typeof createRequestQueue<Member>>;

/**
 * Makes a queue. Consumers take turns; one that is full is passed over. An entry whose time is over
 * is dropped: whoever asked has settled it by then.
 */
export const createRequestQueue = <Member>(
  { deliver, now, onLate = () => {} }: {
    deliver(entry: Entry<Member>, to: Member): void;
    now(): number;
    onLate?(entry: Entry<Member>): void;
  },
) => {
  let waiting = new Map<string, Entry<Member>>();
  const consumers: Consumer<Member>[] = [];

  const nextConsumer = (): Consumer<Member> | undefined => {
    const index = consumers.findIndex(({ free }) => free > 0);
    if (index < 0) return undefined;
    const [consumer] = consumers.splice(index, 1);
    consumers.push(consumer!);
    return consumer;
  };

  const give = (entry: Entry<Member>, consumer: Consumer<Member>): void => {
    consumer.free--;
    deliver(entry, consumer.member);
  };

  const dispatch = (): void => {
    for (const [id, entry] of waiting) {
      if (entry.expiresAt <= now()) {
        waiting.delete(id);
        onLate(entry);
        continue;
      }
      const consumer = nextConsumer();
      if (!consumer) return;
      waiting.delete(id);
      give(entry, consumer);
    }
  };

  const indexOf = (member: Member): number =>
    consumers.findIndex((consumer) => consumer.member === member);

  return {
    add(entry: Entry<Member>): void {
      if (waiting.size === 0 && entry.expiresAt > now()) {
        const consumer = nextConsumer();
        if (consumer) return give(entry, consumer);
      }
      waiting.set(entry.request.id, entry);
      dispatch();
    },
    /** Puts an entry that was delivered already before all others. */
    giveBack(entry: Entry<Member>): void {
      waiting = new Map([[entry.request.id, entry], ...waiting]);
      dispatch();
    },
    /** How many wait whose time is not over. */
    countWaiting(): number {
      const at = now();
      return [...waiting.values()].filter(({ expiresAt }) => expiresAt > at).length;
    },
    /** Empties it. */
    takeAll(): Entry<Member>[] {
      const all = [...waiting.values()];
      waiting.clear();
      return all;
    },
    /** Gives the request, where it was waiting here. */
    remove(id: string): Entry<Member> | undefined {
      const entry = waiting.get(id);
      waiting.delete(id);
      return entry;
    },
    /** Removes all that this member asked for. */
    removeFrom(member: Member): Entry<Member>[] {
      const its = [...waiting.values()].filter(({ from }) => from === member);
      for (const { request } of its) waiting.delete(request.id);
      return its;
    },
    serve(member: Member, concurrency: number): void {
      consumers.push({ member, free: concurrency });
      dispatch();
    },
    leave(member: Member): void {
      const index = indexOf(member);
      if (index >= 0) consumers.splice(index, 1);
    },
    /** One delivery to this member has settled. */
    release(member: Member): void {
      const consumer = consumers[indexOf(member)];
      if (consumer) consumer.free++;
      dispatch();
    },
  };
};
