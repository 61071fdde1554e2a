import { RequestError } from "../../common/errors.ts";
import type { Principal } from "../../common/schemas/busMessages.ts";
import type { Held, RequestControl, RequestMessage } from "../../common/schemas/clientMessages.ts";
import { createForeign, type Foreign } from "./createForeign.ts";
import type { Placed } from "./replay.ts";
import { createRequests, type Requests, type RequestsDeps } from "./createRequests.ts";
import type { Peers } from "./joinPeers.ts";
import { type SessionEvent, type SessionState, transition } from "./sessionState.ts";

/** What every session works with. */
export type SessionDeps = Omit<RequestsDeps, "push" | "onOverflow"> & { peers: Peers };

/** What one session is told of itself. */
export type SessionOptions = {
  session: string;
  principal?: Principal;
  /** Called once, when it is closed. */
  onClosed(): void;
};

/** The way to a session's client, and to no other. */
export type Outlet = {
  push(placed: Placed): void;
  /** Nobody has these requests any more. */
  lose(ids: string[]): void;
  /** The session goes on elsewhere, or its client takes nothing. */
  drop(reason: string): void;
};

/** One client, wherever it is connected: what it asked for here, and what it has elsewhere. */
export type Session = ReturnType<typeof createSession>;

/** Makes a session whose client is nowhere yet. */
export const createSession = (
  deps: SessionDeps,
  { session, principal, onClosed }: SessionOptions,
) => {
  const { peers } = deps;
  let state: SessionState = { at: "detached" };
  let nth = 0;
  let outlet: Outlet | undefined;
  let expiry: ReturnType<typeof setTimeout> | undefined;
  // Made when there is something for them: of the clients that are connected most ask for nothing.
  let ours: Requests | undefined;
  let theirs: Foreign | undefined;
  const requests = (): Requests =>
    ours ??= createRequests({
      ...deps,
      log: deps.log.child({ session }),
      push: (placed) => outlet?.push(placed),
      onOverflow: () => outlet?.drop("it does not take what it is sent"),
    }, { session, principal });
  const foreign = (): Foreign => theirs ??= createForeign(session, peers);

  const happened = (event: SessionEvent): void => {
    const before = state.at;
    state = transition(state, event);
    if (state.at === before) return;
    clearTimeout(expiry);
    if (state.at === "detached") {
      outlet = undefined;
      // Though nothing is here: to know what never came is worth as much.
      expiry = setTimeout(() => happened({ on: "expired" }), deps.limits.resumeMs);
    }
    if (state.at !== "closed") return;
    outlet = undefined;
    ours?.close("the client is gone");
    // Who is still being asked may have something too.
    if (theirs?.isSeeking()) peers.tell({ kind: "left", session });
    else for (const owner of theirs?.clear() ?? []) peers.tell({ kind: "left", session }, owner);
    onClosed();
  };

  type Coming = { nth: number; to: Outlet };
  const goOn = (event: SessionEvent & { on: "attached" | "moved" }, coming: Coming): void => {
    nth = coming.nth;
    outlet?.drop("the session goes on over another connection");
    theirs?.clear();
    outlet = coming.to;
    happened(event);
    closeIfOver();
  };

  /** What is connected elsewhere and has nothing left here is the other gateway's alone. */
  const closeIfOver = (): void => {
    if (state.at === "moved" && isEmpty()) happened({ on: "closed" });
  };
  const isEmpty = (): boolean => ours?.isEmpty() ?? true;

  const replay = (held: Held[]): void => {
    for (const one of held) ours?.replay(one);
    closeIfOver();
  };
  const isMovedTo = (peer: string): boolean => state.at === "moved" && state.to === peer;

  return {
    id: session,
    principal,
    state: (): SessionState => state,
    /** Whether this is the way to its client now. */
    isOn: (way: Outlet): boolean => outlet === way,
    /** How many requests have no outcome here. */
    pending: (): number => ours?.pending() ?? 0,
    /** Whether the client has everything that there was for it here. */
    isEmpty,
    /** Starts a request; gives why it cannot be. */
    request(message: RequestMessage): RequestError | undefined {
      if (!theirs?.has(message.id)) return requests().start(message);
      return new RequestError("CONFLICT", `The request "${message.id}" is under way already.`);
    },
    /** Takes what the client says of requests, here or elsewhere. */
    control(messages: RequestControl[]): void {
      for (const message of messages) ours?.control(message);
      theirs?.say(messages);
    },
    /** Takes what another gateway passes on; when the client has left it, what it says is old. */
    peerSaid(peer: string, messages: RequestControl[]): void {
      if (!isMovedTo(peer)) return;
      for (const message of messages) ours?.control(message);
      closeIfOver();
    },
    /** Another gateway has missed a frame. */
    resend: (peer: string, held: Held): void => isMovedTo(peer) ? replay([held]) : undefined,
    /** Forgets what the client does not ask for, and gives the ids of what it does that are here. */
    narrow: (held: Held[]): string[] => ours?.narrow(held) ?? [],
    /** How often its client had resumed it when it came to where it is. */
    nth: (): number => nth,
    /** The client is connected here now. */
    attach: (coming: Coming): void => goOn({ on: "attached" }, coming),
    /** The client is connected to another gateway now. */
    move: (peer: string, coming: Coming): void => goOn({ on: "moved", to: peer }, coming),
    /** Sends the client what it lacks. */
    replay,
    /** The connection of this outlet is gone; with `forGood` the client will not be back. */
    detach(from: Outlet, { forGood = false } = {}): void {
      if (outlet === from) happened({ on: forGood ? "closed" : "dropped" });
    },
    /** What other gateways have of this session. */
    foreign,
    /** Another gateway sends frames for the client. */
    relay(owner: string, frames: Placed[]): void {
      if (state.at !== "attached") return;
      for (const placed of theirs?.take(owner, frames) ?? []) outlet?.push(placed);
    },
    /** Another gateway is gone, and what it had with it. */
    losePeer(peer: string): void {
      const lost = theirs?.lose(peer) ?? [];
      if (lost.length > 0) outlet?.lose(lost);
      happened({ on: "peerGone", peer });
    },
    /** Another gateway has given up the client. */
    peerLeft: (peer: string): void => happened({ on: "peerLeft", peer }),
    drop: (reason: string): void => outlet?.drop(reason),
    close: (): void => happened({ on: "closed" }),
  };
};
