import { isDeepStrictEqual } from "node:util";
import type { Bus } from "../../common/bus/port.ts";
import { createBatcher } from "../../common/createBatcher.ts";
import type { Principal } from "../../common/schemas/busMessages.ts";
import type { ResumeMessage } from "../../common/schemas/clientMessages.ts";
import type { PeerMessage, PeerMessageOf } from "../../common/schemas/peerMessages.ts";
import type { Connection } from "./createConnection.ts";
import type { Placed } from "./replay.ts";
import { createSeeker, type Found } from "./createSeeker.ts";
import { createSession, type Outlet, type Session, type SessionDeps } from "./createSession.ts";
import { joinPeers } from "./joinPeers.ts";
import { portions } from "./portions.ts";
import { createToken, sessionOf } from "./sessionToken.ts";

/** What the sessions of a gateway work with. */
export type SessionsDeps = Omit<SessionDeps, "peers" | "kept" | "now"> & {
  bus: Bus;
  /** A clock that never goes back, in milliseconds. */
  now?(): number;
};

/** What became of a session that was asked for, and of the requests in it. */
export type Resumption = {
  /** Absent where it was not given to this client. */
  session?: Session;
  gateways: string[];
  lost: string[];
};

/** How a session is resumed. */
export type ResumeOptions = {
  principal?: Principal;
  /** The new way to its client. */
  outlet: Outlet;
  /** Called with the session before anything is sent in it. */
  onSession(session: Session): void;
};

/** Every client this gateway knows, and the way to the other gateways. */
export type Sessions = {
  /** The gateway's own id. */
  readonly gateway: string;
  /** How many other gateways there are. */
  readonly peers: number;
  readonly connections: ReadonlySet<Connection>;
  readonly all: Iterable<Session>;
  add(connection: Connection): void;
  forget(connection: Connection): void;
  /** Makes a session for a new client. */
  open(principal?: Principal): { session: Session; token: string };
  /** Goes on with a session, be it known here, elsewhere, or nowhere any more. */
  resume(message: ResumeMessage, options: ResumeOptions): Promise<Resumption>;
  close(): Promise<void>;
};

/** Makes the sessions of a gateway, none at first. */
export const createSessions = async (
  { bus, now = () => performance.now(), ...deps }: SessionsDeps,
): Promise<Sessions> => {
  const sessions = new Map<string, Session>();
  const connections = new Set<Connection>();
  const { log } = deps;

  const create = (session: string, principal?: Principal): Session => {
    const onClosed = () => void (sessions.get(session) === made && sessions.delete(session));
    const made = createSession(shared, { session, principal, onClosed });
    sessions.set(session, made);
    return made;
  };

  const outletTo = (peer: string, session: string): Outlet => ({
    push: createBatcher((placed: Placed[]) => {
      for (const frames of portions(placed)) peers.tell({ kind: "relayed", session, frames }, peer);
    }, { atEndOfTick: setImmediate }),
    lose() {},
    drop() {},
  });

  const onSeek = ({ from, session, principal, nth, requests }: PeerMessageOf<"seek">): void => {
    const found = sessions.get(session);
    const isIts = found !== undefined && isDeepStrictEqual(found.principal, principal);
    // One that was overtaken is of a connection that its client has left.
    const held = isIts && nth > found.nth();
    const ids = held ? found.narrow(requests) : [];
    peers.tell({ kind: "found", session, nth, held, ids }, from);
    if (!held) return;
    log.debug("moved", { session, to: from });
    found.move(from, { nth, to: outletTo(from, session) });
    found.replay(requests);
  };

  const onMessage = (message: PeerMessage): void => {
    if (message.kind === "hello" || message.kind === "bye") return;
    const { from } = message;
    if (message.kind === "seek") return onSeek(message);
    const session = sessions.get(message.session);
    if (message.kind === "found") return seeker.onFound(message, session);
    if (message.kind === "relayed") session?.relay(from, message.frames);
    if (message.kind === "resend") session?.resend(from, message.request);
    if (message.kind === "said") session?.peerSaid(from, message.messages);
    if (message.kind === "left") session?.peerLeft(from);
  };

  const onGone = (peer: string): void => {
    for (const session of [...sessions.values()]) session.losePeer(peer);
  };

  const peers = await joinPeers({ bus, onMessage, onGone });
  const seeker = createSeeker(peers);
  const shared: SessionDeps = { ...deps, now, peers, kept: { bytes: 0 } };

  return {
    gateway: peers.id,
    get peers() {
      return peers.size;
    },
    connections,
    get all() {
      return sessions.values();
    },
    add: (connection) => void connections.add(connection),
    forget: (connection) => void connections.delete(connection),
    open(principal) {
      const { session, token } = createToken();
      return { session: create(session, principal), token };
    },
    async resume({ session: id, token, nth, requests }, { principal, outlet, onSession }) {
      const known = sessions.get(id);
      const isKnown = known !== undefined && isDeepStrictEqual(known.principal, principal);
      if (sessionOf(token) !== id || (known && !isKnown)) {
        log.warn("A session was asked for with the wrong secret, or by another user.");
        return { gateways: [], lost: requests.map((one) => one.id) };
      }
      if (known && nth <= known.nth()) return { gateways: [], lost: [] };
      const session = known ?? create(id, principal);
      onSession(session);
      const here = new Set(session.narrow(requests));
      session.attach({ nth, to: outlet });
      session.replay(requests);
      const missing = requests.filter((one) => !here.has(one.id));
      const onFound = ({ from, held }: Found) => session.foreign().add(from, held);
      if (missing.length > 0) session.foreign().seek(missing.map((one) => one.id));
      const { gateways, lost } = await seeker.seek(
        { session: id, principal, nth, requests: missing },
        onFound,
      );
      if (session.isOn(outlet) && missing.length > 0) session.foreign().giveUp();
      return { session, gateways: isKnown ? [peers.id, ...gateways] : gateways, lost };
    },
    async close() {
      seeker.close();
      await peers.close();
      for (const session of [...sessions.values()]) session.close();
    },
  };
};
