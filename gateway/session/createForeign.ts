import type { Held, RequestControl } from "../../common/schemas/clientMessages.ts";
import { isTerminal } from "../../common/schemas/frames.ts";
import type { Peers } from "./joinPeers.ts";
import type { Placed } from "./replay.ts";

/** Requests of one session that other gateways have. */
export type Foreign = ReturnType<typeof createForeign>;

/** Where such a request is, the place of the frame that comes next, and how many there are. */
type Entry = { owner: string; next: number; isAsked: boolean; count?: number };

/** What a client may say of a request while it is being looked for; more is dropped. */
const MAX_WAITING = 64;

/** Makes the list of one session, empty at first. */
export const createForeign = (session: string, peers: Peers) => {
  const entries = new Map<string, Entry>();
  /** What the client has said of requests that are being looked for. */
  const sought = new Map<string, RequestControl[]>();

  const tell = (owner: string, messages: RequestControl[]): void => {
    if (messages.length > 0) peers.tell({ kind: "said", session, messages }, owner);
  };

  return {
    /** Whether others are still being asked. */
    isSeeking: (): boolean => sought.size > 0,
    has: (id: string): boolean => entries.has(id),
    /** These are being looked for: what is said of them waits, until `giveUp`. */
    seek(ids: string[]): void {
      for (const id of ids) sought.set(id, []);
    },
    giveUp: (): void => sought.clear(),
    /** These requests are with that gateway, and so many frames of each have come. */
    add(owner: string, requests: Held[]): void {
      for (const { id, seq } of requests) entries.set(id, { owner, next: seq, isAsked: false });
      tell(owner, requests.flatMap(({ id }) => sought.get(id) ?? []));
      for (const { id } of requests) sought.delete(id);
    },
    /** What of these frames the client is to have: each once, and none after a missing one. */
    take(owner: string, frames: Placed[]): Placed[] {
      return frames.filter(({ index, frame }) => {
        const { id } = frame;
        const entry = entries.get(id);
        if (entry?.owner !== owner || index < entry.next) return false;
        if (index > entry.next) {
          const request = { id, seq: entry.next };
          if (!entry.isAsked) peers.tell({ kind: "resend", session, request }, owner);
          entry.isAsked = true;
          return false;
        }
        entry.next++;
        entry.isAsked = false;
        if (isTerminal(frame)) entry.count = entry.next;
        return true;
      });
    },
    /** Passes on what the client says of such requests. */
    say(messages: RequestControl[]): void {
      if (entries.size === 0 && sought.size === 0) return;
      const byOwner = Map.groupBy(messages, ({ id }) => entries.get(id)?.owner);
      for (const [owner, said] of byOwner) {
        if (owner !== undefined) tell(owner, said);
      }
      for (const said of messages) {
        const waiting = sought.get(said.id);
        if (waiting && waiting.length < MAX_WAITING) waiting.push(said);
        const isWhole = said.kind === "received" && said.seq === entries.get(said.id)?.count;
        if (isWhole) entries.delete(said.id);
      }
    },
    /** That gateway is gone: gives the ids of what it had. */
    lose(owner: string): string[] {
      const lost = [...entries].flatMap(([id, entry]) => entry.owner === owner ? [id] : []);
      for (const id of lost) entries.delete(id);
      return lost;
    },
    /** Forgets them all, and gives the gateways that had them. */
    clear(): Set<string> {
      const owners = new Set([...entries.values()].map(({ owner }) => owner));
      entries.clear();
      sought.clear();
      return owners;
    },
  };
};
