import * as v from "valibot";
import { createTickClock } from "../createTickClock.ts";
import { createTransientMap } from "../createTransientMap.ts";
import { noHandler, type RequestError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { BusRequest, Control } from "../schemas/busMessages.ts";
import { type Frame, isTerminal } from "../schemas/frames.ts";
import { conflict, neverBegan, noWorker, workerLost } from "./brokerErrors.ts";
import { cancelOp, errorOp, requestOp } from "./brokerOps.ts";
import { createAnnouncer } from "./createAnnouncer.ts";
import { createOutgoing } from "./createOutgoing.ts";
import type { Link } from "./link.ts";
import type { Member } from "./member.ts";
import { type BrokerOp, MemberOp, runKey } from "./ops.ts";
import { type Ending, endingOf } from "./unread.ts";
import { createRequestQueue, type Entry, type RequestQueue } from "./requestQueue.ts";

/** The embedded engine's middle: it holds the queues of one process. */
export type Broker = {
  /**
   * Takes the broker's end of a link; the member lives until the link closes. At most one member
   * is the `uplink`: it is given every request that the others make, and only what it asks for
   * itself is served here.
   */
  attach(link: Link, options?: { uplink?: boolean }): void;
  /**
   * Answers `NO_WORKER` to all requests of these types, now and from now on, until one of them is
   * served again: whoever served them keeps failing.
   */
  bench(types: string[]): void;
};

/** A request that lost this many workers is given up. */
const MAX_ATTEMPTS = 3;

/** Makes a broker. `now` is a clock that never goes back, in milliseconds. */
export const createBroker = (
  { log, now = createTickClock() }: { log: Logger; now?(): number },
): Broker => {
  const members = new Set<Member>();
  const queues = new Map<string, RequestQueue<Member>>();
  /** What members here were given and have not settled. */
  const held = createTransientMap<Entry<Member>>();
  const benched = new Set<string>();
  let uplink: Member | undefined;

  const tell = (member: Member, op: BrokerOp): void => {
    if (members.has(member)) member.link.send(op);
  };
  const outgoing = createOutgoing({ tell, now });
  const announcer = createAnnouncer({ members, tell });

  const deliver = (entry: Entry<Member>, member: Member): void => {
    entry.holder = member;
    held.set(entry.request.id, entry);
    tell(member, requestOp(entry, now()));
  };

  /** Whoever asked has settled it; but behind the uplink it is still held, for its answer. */
  const letGo = (entry: Entry<Member>): void => {
    if (entry.from === uplink) fail(entry, neverBegan());
  };

  const queueOf = (type: string): RequestQueue<Member> => {
    const queue = queues.get(type) ?? createRequestQueue<Member>({ deliver, now, onLate: letGo });
    queues.set(type, queue);
    return queue;
  };

  const onRequest = (from: Member, request: BusRequest): void => {
    const expiresAt = now() + request.timeoutMs;
    const entry: Entry<Member> = { request, from, expiresAt, holder: undefined };
    if (uplink && from !== uplink) return outgoing.add(entry, uplink);
    const old = held.get(request.id);
    if (old) return replace(old, entry);
    if (benched.has(request.type)) return fail(entry, noWorker(request.type));
    const queue = queues.get(request.type);
    if (queue) queue.add(entry);
    else fail(entry, noHandler(request.type));
  };

  /** A request that is under way is asked for again: its frames were lost, or nobody could tell. */
  const replace = (old: Entry<Member>, entry: Entry<Member>): void => {
    const { holder } = old;
    const { id, idempotent } = entry.request;
    if (!idempotent || !holder) return fail(entry, conflict());
    held.delete(id);
    holder.replaced.set(runKey(old.request), old);
    tell(holder, cancelOp(id, "a later run replaced it", old.request.attempt));
    // Runs are told apart by their attempts alone.
    const attempt = Math.max(entry.request.attempt, old.request.attempt + 1);
    onRequest(entry.from, { ...entry.request, attempt });
  };

  const fail = (entry: Entry<Member>, error: RequestError, options?: { dead: boolean }): void =>
    tell(entry.from, errorOp(entry, error, options));

  /** A member that held it is gone: it runs again, where it may, or is given up. */
  const giveBack = (entry: Entry<Member>): void => {
    const { type, attempt } = entry.request;
    if (attempt >= MAX_ATTEMPTS) return fail(entry, workerLost(type), { dead: true });
    if (benched.has(type)) return fail(entry, workerLost(type));
    queueOf(type).giveBack({ ...entry, request: { ...entry.request, attempt: attempt + 1 } });
  };

  const onControl = (from: Member, control: Control): void => {
    if (uplink && from !== uplink) return outgoing.control(control, uplink);
    const holder = held.get(control.id)?.holder;
    if (holder) tell(holder, { op: "control", control });
    else if (control.kind === "cancel" && control.attempt === undefined) {
      for (const queue of queues.values()) {
        const entry = queue.remove(control.id);
        if (entry) letGo(entry);
      }
    }
  };

  /** The run that a frame is of, where nobody takes anything of it any more. */
  const replacedRun = ({ replaced }: Member, frame: Frame) =>
    replaced.size === 0 ? undefined : replaced.get(runKey(frame));

  const onFrame = (member: Member, frame: Frame): void => {
    const replaced = replacedRun(member, frame);
    if (replaced && isTerminal(frame)) {
      member.replaced.delete(runKey(replaced.request));
      queues.get(replaced.request.type)?.release(member);
    }
    if (member === uplink) return outgoing.onFrame(frame);
    const entry = replaced ? undefined : held.get(frame.id);
    if (entry?.holder !== member) return; // It settled already, was replaced, or never was its own.
    tell(entry.from, { op: "frame", frame });
    if (!isTerminal(frame)) return;
    held.delete(frame.id);
    queues.get(entry.request.type)?.release(member);
  };

  /** What it was about ends, and nothing goes on working for it. */
  const onUnread = (member: Member, ending: Ending | undefined): void => {
    if (ending === undefined) return;
    const { isRequest, frame } = ending;
    if (isRequest) return tell(member, { op: "frame", frame });
    tell(member, cancelOp(frame.id, "an answer was not understood", frame.attempt ?? 1));
    onFrame(member, frame);
  };

  const leave = (member: Member, types: Iterable<string> = member.types): void => {
    for (const type of types) {
      queues.get(type)?.leave(member);
      member.types.delete(type);
    }
  };

  const onOp = (member: Member, op: MemberOp): void => {
    switch (op.op) {
      case "request":
        return onRequest(member, op.request);
      case "control":
        return onControl(member, op.control);
      case "frame":
        return onFrame(member, op.frame);
      case "serve":
        member.types.add(op.type);
        benched.delete(op.type);
        return queueOf(op.type).serve(member, op.concurrency);
      case "pause":
        leave(member, op.type === undefined ? member.types : [op.type]);
        if (op.type === undefined) tell(member, { op: "paused" });
        return;
      case "withdraw":
        return withdraw(member);
      case "release":
        release(member);
        return tell(member, { op: "released" });
      case "announce":
        return announcer.announce(member, op.announcement);
      case "measure": {
        const depths = [...queues].map(([type, queue]) => [type, queue.countWaiting()]);
        return tell(member, { op: "depths", depths: Object.fromEntries(depths) });
      }
      case "watch":
        return announcer.watch(member);
    }
  };

  const withdraw = (member: Member): void => {
    const entries = [...queues.values()].flatMap((queue) => queue.removeFrom(member));
    const requests = entries.map(({ request: { id, attempt } }) => ({ id, attempt }));
    tell(member, { op: "withdrawn", requests });
  };

  const release = (member: Member): void => {
    leave(member);
    for (const [id, entry] of held.entries()) {
      if (entry.holder !== member) continue;
      held.delete(id);
      if (members.has(entry.from)) giveBack(entry);
    }
  };

  const onClose = (member: Member): void => {
    if (!members.delete(member)) return;
    if (member === uplink) uplink = undefined;
    leave(member);
    for (const queue of queues.values()) queue.removeFrom(member);
    for (const [id, { from, holder }] of held.entries()) {
      if (from === member && holder) tell(holder, cancelOp(id, "the requester is gone"));
    }
    if (uplink) outgoing.leave(member, uplink);
    release(member);
    if (member.announcement) announcer.announce(member, { ...member.announcement, goodbye: true });
  };

  return {
    attach(link, options = {}) {
      const member: Member = {
        ...{ link, types: new Set(), watches: false, replaced: new Map() },
      };
      members.add(member);
      if (options.uplink) uplink = member;
      link.open({
        onOp(op) {
          if (link.isLocal) return onOp(member, op as MemberOp);
          const parsed = v.safeParse(MemberOp, op);
          if (parsed.success) return onOp(member, parsed.output);
          log.warn("An op was not understood.", { issue: parsed.issues[0].message });
          onUnread(member, endingOf(op));
        },
        onClose: () => onClose(member),
      });
    },
    bench(types) {
      for (const type of types) {
        benched.add(type);
        for (const entry of queues.get(type)?.takeAll() ?? []) {
          fail(entry, entry.request.attempt > 1 ? workerLost(type) : noWorker(type));
        }
      }
    },
  };
};
