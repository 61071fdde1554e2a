/**
 * The bus port: what a gateway and a worker need of whatever is between them. It speaks requests,
 * frames, control messages and announcements, never queues. Two engines implement it,
 * `common/embedded/` and `common/rabbit-mq/`; one contract suite runs over both.
 */
import type { Announcement } from "../schemas/catalog.ts";
import type { BusRequest, Control } from "../schemas/busMessages.ts";
import type { Frame } from "../schemas/frames.ts";
import type { PeerMessage } from "../schemas/peerMessages.ts";

/** `ready`: traffic flows. `recovering`: what is sent waits. `closed`: nothing will flow again. */
export type BusState = "ready" | "recovering" | "closed";

/** Whom a control message is for; `worker` is who runs the request, where that is known. */
export type ControlTarget = { type: string; timeoutMs: number; worker?: string };

/** How requests may be handed over together. */
export type PublishOptions = { together?: number; workers?: number };

/** The asking side: a gateway, or a worker that makes nested calls. */
export type Requester = {
  /** Whether the bus takes nothing for now. */
  readonly isBlocked: boolean;
  /**
   * Hands a request over. Resolves when the bus has taken responsibility for it. Where the bus
   * cannot tell whether it has, an idempotent request is handed over again, one attempt higher;
   * any other fails with `BUS_UNAVAILABLE`. `together` is how many requests of its type may be
   * handed to one worker at a stroke, this one included; default 1. Where `workers` are known to
   * serve it, a burst is shared out among them.
   * @throws RequestError `NO_HANDLER` (nobody ever served its type; it was not delivered),
   * `BUS_UNAVAILABLE`, `OVERLOADED` (the bus takes nothing for now)
   */
  publish(request: BusRequest, options?: PublishOptions): Promise<void>;
  /**
   * Says something about a request. A cancel of every run reaches all workers of the type, also
   * those that come within `timeoutMs`: the longest that the request may still wait for one.
   */
  control(control: Control, target: ControlTarget): void;
  close(): Promise<void>;
};

/** One request handed to a worker. */
export type Delivery = {
  /** Parsed with its schema already; `attempt` counts the deliveries. */
  request: BusRequest;
  /**
   * Sends one frame to whoever asked. A terminal frame also settles the delivery: the bus forgets
   * the request once that frame is in its hands; with `dead` it goes to the dead letters instead,
   * where the engine has any. Frames after a terminal one are dropped.
   */
  reply(frame: Frame, options?: { dead?: boolean }): void;
  /**
   * Hands it to another worker as this `attempt`: the one it came with, where nobody here has
   * begun it. Absent where the engine does that by itself.
   */
  giveBack?(attempt: number): void;
};

/** How a worker serves one request type. */
export type ServeOptions = {
  /**
   * How many deliveries may be unsettled at the same time. An engine that brings several in one
   * message may go beyond it by those: whoever serves lets them wait.
   */
  concurrency: number;
  onRequest(delivery: Delivery): void;
};

/** A type that is served; taking its requests can be halted and gone on with. */
export type Serving = { pause(): Promise<void>; resume(): Promise<void> };

/** The answering side: a worker. */
export type Responder = {
  /** Starts to take requests of a type. Resolves when requests will arrive. */
  serve(type: string, options: ServeOptions): Promise<Serving>;
  /** Tells every gateway what this worker serves. */
  announce(announcement: Announcement): void;
  /** Stops taking new requests; those under way may still reply until `close`. */
  pause(): Promise<void>;
  /** Gives back what is unsettled. */
  close(): Promise<void>;
};

/** One gateway's way to the others. */
export type Peer = {
  /** Its own address. */
  readonly id: string;
  /** How long others may take to answer, in milliseconds; 0 where there can be none. */
  readonly answerMs: number;
  /** Says something to one gateway, or to all; in order, and perhaps twice after a lost connection. */
  tell(message: PeerMessage, to?: string): void;
  close(): Promise<void>;
};

/** A connection to one engine. */
export type Bus = {
  readonly state: BusState;
  /**
   * Whether somebody would take a request of this type now. Announcements may tell of a worker that
   * is gone only when several have stayed away; the bus itself knows at once.
   */
  hasConsumer(type: string): Promise<boolean>;
  /**
   * How many requests of each type wait for a worker with room, whoever made them; a type without a
   * queue is left out. On RabbitMQ those that share a message count as one. It asks the broker: for
   * people who look, not for every request.
   * @throws Error when it cannot be asked now
   */
  queueDepths(types: Iterable<string>): Promise<ReadonlyMap<string, number>>;
  /**
   * Calls `onFrame` for every frame addressed to this requester, in order per request, and
   * `onFramesLost` when frames may have been lost on their way: what held them is gone.
   */
  openRequester(options: {
    onFrame(frame: Frame): void;
    onFramesLost?(): void;
  }): Promise<Requester>;
  /** `onControl` is called for this worker's id and for every type it serves. */
  openResponder(options: {
    worker: string;
    onControl(control: Control): void;
  }): Promise<Responder>;
  /**
   * Joins the gateways. `onMessage` is called for what others say to this one or to all; it may be
   * called for this one's own words to all too. The embedded engine has one gateway only.
   */
  openPeer(options: { onMessage(message: PeerMessage): void }): Promise<Peer>;
  /** Calls `onAnnouncement` for every announcement from now on, until `close`. */
  watchAnnouncements(onAnnouncement: (announcement: Announcement) => void): Promise<void>;
  close(): Promise<void>;
};
