import type { Bus, Peer } from "../../common/bus/port.ts";
import type { PeerMessage } from "../../common/schemas/peerMessages.ts";

/** How often a gateway says that it is there, and after which silence it counts as gone, in ms. */
const HELLO_MS = 5_000;
const SILENT_MS = 15_000;

type Unsigned<Message> = Message extends PeerMessage ? Omit<Message, "from"> : never;

/** The other gateways on the bus, as far as this one knows. */
export type Peers = {
  /** This gateway's own id. */
  readonly id: string;
  /** How many others there are. */
  readonly size: number;
  /** Whether there may be others that could not answer yet. */
  readonly isNew: boolean;
  /** Says something to one gateway, or to all others; nothing any more once it is closed. */
  tell(message: Unsigned<PeerMessage>, to?: string): void;
  close(): Promise<void>;
};

/** Options of `joinPeers`. */
export type PeersOptions = {
  bus: Bus;
  /** Called for what another gateway says, beside `hello` and `bye`. */
  onMessage(message: PeerMessage): void;
  /** Another gateway has stopped, or has been silent for too long. */
  onGone(peer: string): void;
  now?(): number;
  /** How often this gateway says that it is there, in milliseconds. */
  helloMs?: number;
};

/** Makes this gateway known to the others, and keeps a list of them. */
export const joinPeers = async (
  { bus, onMessage, onGone, now = () => performance.now(), helloMs = HELLO_MS }: PeersOptions,
): Promise<Peers> => {
  const heardAt = new Map<string, number>();

  const forget = (id: string): void => {
    if (heardAt.delete(id)) onGone(id);
  };

  let peer: Peer | undefined = undefined;
  const tell: Peers["tell"] = (message, to) => {
    // The union loses and gains the same field.
    if (peer) peer.tell({ ...message, from: peer.id } as PeerMessage, to);
  };

  const onPeerMessage = (message: PeerMessage): void => {
    const { from } = message;
    // Before it has joined, nobody can mean it.
    if (peer === undefined || from === peer.id) return;
    if (message.kind === "bye") return forget(from);
    const isNew = !heardAt.has(from);
    heardAt.set(from, now());
    if (isNew) tell({ kind: "hello" }, from);
    if (message.kind !== "hello") onMessage(message);
  };

  const joined = await bus.openPeer({ onMessage: onPeerMessage });
  peer = joined;
  tell({ kind: "hello" });
  let newUntil = now() + joined.answerMs;
  const timer = setInterval(() => {
    tell({ kind: "hello" });
    for (const [id, at] of heardAt) {
      if (now() - at <= SILENT_MS) continue;
      forget(id);
      // It may be this one that nobody has heard: then all are back with their next word.
      newUntil = now() + helloMs + joined.answerMs;
    }
  }, helloMs);

  return {
    id: joined.id,
    get size() {
      return heardAt.size;
    },
    get isNew() {
      return now() < newUntil;
    },
    tell,
    async close() {
      clearInterval(timer);
      tell({ kind: "bye" });
      // What others have of our clients is theirs now: nothing that ends here is to end it there.
      peer = undefined;
      await joined.close();
    },
  };
};
