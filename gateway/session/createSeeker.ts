import type { Held, RequestControl } from "../../common/schemas/clientMessages.ts";
import type { PeerMessageOf } from "../../common/schemas/peerMessages.ts";
import type { Peers } from "./joinPeers.ts";

/** How long the other gateways may take to say what they have, in milliseconds. */
const SEEK_MS = 1_000;

/** Requests that another gateway has. */
export type Found = { from: string; held: Held[] };

/** What is asked for. */
export type Sought = Omit<PeerMessageOf<"seek">, "kind" | "from">;

/** What must be known of a session to understand a late answer. */
export type Asking = { nth(): number; foreign(): { has(id: string): boolean } };

type Search = { nth: number; onAnswer(message: PeerMessageOf<"found">): void; end(): void };

/** Asks the other gateways for the requests of sessions whose clients came here. */
export const createSeeker = (peers: Peers, { timeoutMs = SEEK_MS } = {}) => {
  const searches = new Map<string, Search>();

  return {
    /**
     * Resolves when all that is missing was found, when every other gateway has answered (as far as
     * all are known), or after a second. `onFound` is called before any frame of what was found arrives.
     */
    seek(
      { session, principal, nth, requests }: Sought,
      onFound: (found: Found) => void,
    ): Promise<{ gateways: string[]; lost: string[] }> {
      searches.get(session)?.end();
      const missing = new Map(requests.map((held) => [held.id, held]));
      const gateways: string[] = [];
      const answered = new Set<string>();
      const awaited = peers.isNew ? Infinity : peers.size;
      const ask = (): void => peers.tell({ kind: "seek", session, principal, nth, requests });
      if (missing.size === 0 || awaited === 0) {
        // Where nothing is missing they have nothing that the client still wants: it ends there.
        if (awaited > 0) ask();
        return Promise.resolve({ gateways, lost: [...missing.keys()] });
      }
      return new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          searches.delete(session);
          resolve({ gateways, lost: [...missing.keys()] });
        };
        const timer = setTimeout(end, timeoutMs);
        const onAnswer = ({ from, held, ids }: PeerMessageOf<"found">): void => {
          if (held) gateways.push(from);
          onFound({ from, held: ids.flatMap((id) => missing.get(id) ?? []) });
          for (const id of ids) missing.delete(id);
          if (answered.add(from).size >= awaited || missing.size === 0) end();
        };
        searches.set(session, { nth, onAnswer, end });
        ask();
      });
    },
    /** Takes an answer about a session as far as that is here. */
    onFound(message: PeerMessageOf<"found">, asking?: Asking): void {
      const { session, nth, ids, from } = message;
      const search = searches.get(session);
      if (search?.nth === nth) return search.onAnswer(message);
      // Where the client has come once more since, here or elsewhere, it has asked for them again.
      if (asking?.nth() !== nth) return;
      // Too late: the client has been told that these are lost.
      const lost = ids.filter((id) => !asking.foreign().has(id));
      const messages = lost.flatMap((id): RequestControl[] => [
        { kind: "cancel", id },
        // Nobody waits for the rest.
        { kind: "received", id, seq: Number.MAX_SAFE_INTEGER },
      ]);
      if (lost.length > 0) peers.tell({ kind: "said", session, messages }, from);
    },
    close(): void {
      for (const { end } of [...searches.values()]) end();
    },
  };
};
