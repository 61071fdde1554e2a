import { isDeepStrictEqual } from "node:util";
import type { Caller, CallHandle } from "../../common/bus/createCaller.ts";
import { errorBody, RequestError } from "../../common/errors.ts";
import { createId } from "../../common/ids.ts";
import type { Logger } from "../../common/logger.ts";
import type { HandlerEntry } from "../../common/schemas/catalog.ts";
import { busNameOf, type Principal } from "../../common/schemas/busMessages.ts";
import type { Held, RequestControl, RequestMessage } from "../../common/schemas/clientMessages.ts";
import { apart, type Frame, isTerminal } from "../../common/schemas/frames.ts";
import { DEFAULT_CREDIT } from "../../common/schemas/limits.ts";
import type { LiveCatalog } from "../createCatalog.ts";
import { explainNoHandler } from "../explainNoHandler.ts";
import { createAdmission, type GatewayLimits } from "./createAdmission.ts";
import { createKnown } from "./createKnown.ts";
import {
  createReplay,
  forgetFrames,
  framesFrom,
  keepFrame,
  type Placed,
  type Replay,
} from "./replay.ts";

/** What the requests of one session work with. */
export type RequestsDeps = {
  caller: Caller;
  catalog: LiveCatalog;
  limits: GatewayLimits;
  log: Logger;
  /** What all sessions of the gateway keep together. */
  kept: { bytes: number };
  /** Sends a frame to wherever the client is, if it is anywhere. */
  push(placed: Placed): void;
  /** More is kept for the client than may be. */
  onOverflow(): void;
  /** A clock that never goes back, in milliseconds. */
  now(): number;
};

/** The requests that one client made at this gateway. */
export type Requests = ReturnType<typeof createRequests>;

/** One request: with a handle while it has no outcome, and here until the client has all of it. */
type Entry = {
  message: RequestMessage;
  payloadBytes: number;
  /** Credit that the client has granted since, as far as it has come here. */
  granted: number;
  replay: Replay;
  handle?: CallHandle;
  isOver: boolean;
};

/** Bytes that may be kept for a client that has not said that it has them, and for all of them. */
const MAX_KEPT_BYTES = 67_108_864;
const MAX_KEPT_BYTES_TOTAL = 536_870_912;
const FEW_BYTES = 1_048_576;

/** Makes the list, empty at first. */
export const createRequests = (
  { caller, catalog, limits, log, kept, push, onOverflow, now }: RequestsDeps,
  { session, principal }: { session: string; principal?: Principal },
) => {
  const name = busNameOf(session);
  const entries = createKnown<Entry>();
  const admit = createAdmission({ caller, catalog, limits });
  let pending = 0;
  let bytes = 0;

  const account = (more: number): void => {
    bytes += more;
    kept.bytes += more;
  };

  /** It has an outcome; until the client has it, the payload is here too. */
  const settle = (entry: Entry): void => {
    entry.isOver = true;
    // It would keep all that the call was.
    entry.handle = undefined;
    pending--;
    account(entry.payloadBytes);
  };

  /** Ends what runs for an entry, without a word to the client. */
  const end = (entry: Entry, reason: string): void => {
    if (entry.isOver) return;
    const { handle } = entry;
    settle(entry);
    handle?.cancel(reason);
  };

  const drop = (id: string, reason: string): void => {
    const entry = entries.get(id);
    if (!entry) return;
    entries.end(id);
    end(entry, reason);
    account(-entry.replay.bytes - entry.payloadBytes);
  };

  const keep = (entry: Entry, frame: Frame): void => {
    const { replay, message: { id } } = entry;
    const before = replay.bytes;
    const index = keepFrame(replay, frame);
    account(replay.bytes - before);
    push({ index, frame });
    // When all together keep too much, those with little are left alone.
    const most = kept.bytes > MAX_KEPT_BYTES_TOTAL ? FEW_BYTES : MAX_KEPT_BYTES;
    if (bytes <= most) return;
    log.warn("A client does not take what it is sent.", { requestId: id, bytes });
    account(-replay.bytes);
    forgetFrames(replay, Infinity);
    if (!entry.isOver) {
      end(entry, "its client does not take what it is sent");
      keep(entry, { kind: "error", id, ...errorBody(notTaken()) });
    }
    onOverflow();
  };

  const forget = (id: string, count: number): void => {
    const entry = entries.get(id);
    if (!entry) return;
    const { replay, isOver } = entry;
    const before = replay.bytes;
    forgetFrames(replay, count);
    account(replay.bytes - before);
    if (isOver && replay.kept.length === 0) drop(id, "it is over");
  };

  const timeFor = ({ timeoutMs }: RequestMessage, handler?: HandlerEntry): number =>
    timeoutMs ?? handler?.timeoutMs ?? limits.requestTimeoutMs;

  const start = (message: RequestMessage, payloadBytes: number): void => {
    const { id, type, payload, credit = DEFAULT_CREDIT, chunks, trace, again } = message;
    const handler = catalog.handler(type);
    const timeoutMs = timeFor(message, handler);
    const replay = createReplay();
    const entry: Entry = { message, payloadBytes, granted: 0, replay, isOver: false };
    entries.add(id, entry);
    pending++;
    // The usual time it was told when it was welcomed.
    const isTold = message.timeoutMs !== undefined || timeoutMs === limits.requestTimeoutMs;
    if (!isTold) keep(entry, { kind: "accepted", id, timeoutMs });
    log.debug("request", { requestId: id, type, timeoutMs, trace });
    const startedAt = now();
    const onFrame = (frame: Frame): void => {
      // A worker may send them unasked.
      if (frame.kind === "chunks" && !chunks) return apart(frame).forEach(onFrame);
      if (entry.isOver) return;
      if (isTerminal(frame)) {
        settle(entry);
        const code = frame.kind === "error" ? frame.code : "ok";
        const ms = Math.round(now() - startedAt);
        log.debug("settled", { requestId: id, type, code, ms, trace });
      }
      keep(entry, explainNoHandler({ ...frame, id }, { type, catalog: catalog.current }));
    };
    const run = again ? `.${createId().slice(0, 8)}` : "";
    const request = {
      ...{ id: `${name}${run}:${id}`, type, payload, timeoutMs, credit, chunks, principal, trace },
      attempt: again ? 2 : 1,
      idempotent: handler?.idempotent,
    };
    entry.handle = caller.start(request, onFrame, { from: name });
  };

  const grant = (entry: Entry | undefined, n: number): void => {
    if (!entry || n <= 0) return;
    entry.granted += n;
    entry.handle?.grant(n);
  };

  return {
    /** How many have no outcome. */
    pending: (): number => pending,
    isEmpty: entries.isEmpty,
    /**
     * Starts a request. One whose id is known already is not started again: its caller gets the
     * frames of the first, if it is the same.
     * @returns why it cannot be, with `CONFLICT` where the id is that of another request
     */
    start(message: RequestMessage): RequestError | undefined {
      const { id } = message;
      const known = entries.find(id);
      const first = known?.value?.message;
      if (first && isSame(first, message)) return undefined;
      if (first) return conflict(`The id "${id}" is that of another request, of ${first.type}.`);
      if (known) return conflict(`The request "${id}" is over: a new one needs a new id.`);
      // What runs for a gateway that is gone answers to nobody: it is stopped, and has another id.
      if (message.again) {
        const { type } = message;
        const lost = {
          id: `${name}:${id}`,
          type,
          timeoutMs: timeFor(message, catalog.handler(type)),
        };
        caller.stop(lost, "its gateway is gone");
      }
      const admitted = admit(message, pending);
      if (admitted instanceof RequestError) return admitted;
      start(message, admitted);
    },
    /** Takes what the client says of one of them. */
    control(message: RequestControl): void {
      const { kind, id } = message;
      if (kind === "received") return forget(id, message.seq);
      const entry = entries.get(id);
      if (kind === "credit") grant(entry, message.n);
      else entry?.handle?.cancel(message.reason ?? "cancelled by the caller");
    },
    /** Forgets what the client does not ask for, and gives the ids of what it does that are here. */
    narrow(held: Held[]): string[] {
      const asked = new Set(held.map(({ id }) => id));
      for (const id of entries.ids()) {
        if (!asked.has(id)) drop(id, "its caller has settled it");
      }
      // What is over was here too, and must not seem never to have come.
      return held.flatMap(({ id }) => entries.find(id) ? [id] : []);
    },
    /** Sends the client what it lacks of a request; ends one of which something is no longer here. */
    replay({ id, seq, credit = 0 }: Held): void {
      const known = entries.find(id);
      if (!known) return;
      const entry = known.value;
      grant(entry, credit - (entry?.granted ?? 0));
      const frames = entry && framesFrom(entry.replay, seq);
      if (frames) {
        for (const placed of frames) push(placed);
        return forget(id, seq);
      }
      drop(id, "what its client missed is no longer here");
      push({ index: seq, frame: { kind: "error", id, ...errorBody(notTaken()) } });
    },
    /** Cancels all. */
    close(reason: string): void {
      for (const id of entries.ids()) drop(id, reason);
    },
  };
};

const isSame = (one: RequestMessage, two: RequestMessage): boolean =>
  one.type === two.type && isDeepStrictEqual(one.payload, two.payload);

const conflict = (message: string): RequestError => new RequestError("CONFLICT", message);

const notTaken = (): RequestError =>
  new RequestError("STREAM_BROKEN", "The client did not take what it was sent in time.");
