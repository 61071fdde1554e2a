import type { Held, RequestControl } from "../../common/schemas/clientMessages.ts";
import { isTerminal } from "../../common/schemas/frames.ts";
import type { Peers } from "./joinPeers.ts";
import type { Placed } from "./createReplay.ts";

/** Requests of one session that other gateways have. */
export type Foreign = ReturnType<typeof createForeign>;

/** Where such a request is, the place of the frame that comes next, and how many there are. */
type Entry = { owner: string; next: number; isAsked: boolean; count?: number };

/** Makes the list of one session, empty at first. */
export const createForeign = (session: string, peers: Peers) => {
  const entries = new Map<string, Entry>();

  return {
    get isEmpty() {
      return entries.size === 0;
    },
    has: (id: string): boolean => entries.has(id),
    /** These requests are with that gateway, and so many frames of each have come. */
    add(owner: string, requests: Held[]): void {
      for (const { id, seq } of requests) entries.set(id, { owner, next: seq, isAsked: false });
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
      const byOwner = Map.groupBy(messages, ({ id }) => entries.get(id)?.owner);
      for (const [owner, said] of byOwner) {
        if (owner !== undefined) peers.tell({ kind: "said", session, messages: said }, owner);
      }
      for (const said of messages) {
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
      return owners;
    },
  };
};
