import * as v from "valibot";
import { createTickClock } from "../createTickClock.ts";
import { createTransientMap } from "../createTransientMap.ts";
import { errorBody, noHandler, type RequestError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Announcement } from "../schemas/catalog.ts";
import { isTerminal, runOf } from "../schemas/frames.ts";
import { conflict, neverBegan, noWorker, workerLost } from "./brokerErrors.ts";
import type { Link } from "./link.ts";
import type { Member } from "./member.ts";
import { mergeAnnouncements } from "./mergeAnnouncements.ts";
import { type BrokerOp, type LooseMessage, type LooseRequest, MemberOp, runKey } from "./ops.ts";
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
  /** Where each request under way is held. */
  const holders = new Map<string, Member>();
  const benched = new Set<string>();
  let uplink: Member | undefined;

  const tell = (member: Member, op: BrokerOp): void => member.link.send(op);

  const deliver = (entry: Entry<Member>, member: Member): void => {
    const timeoutMs = Math.max(1, Math.ceil(entry.expiresAt - now()));
    member.holds.set(entry.request.id, entry);
    holders.set(entry.request.id, member);
    tell(member, { op: "request", request: { ...entry.request, timeoutMs } });
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

  const onRequest = (from: Member, request: LooseRequest): void => {
    const entry = { request, from, expiresAt: now() + request.timeoutMs };
    const holder = holders.get(request.id);
    if (holder) return replace(holder, entry);
    if (uplink && from !== uplink) return deliver(entry, uplink);
    if (benched.has(request.type)) return fail(entry, noWorker(request.type));
    const queue = queues.get(request.type);
    if (queue) queue.add(entry);
    else fail(entry, noHandler(request.type));
  };

  /** A request that is under way is asked for again: its frames were lost, or nobody could tell. */
  const replace = (holder: Member, entry: Entry<Member>): void => {
    const { id, idempotent } = entry.request;
    if (!idempotent || holder === uplink) return fail(entry, conflict());
    const old = holder.holds.get(id)!;
    forget(holder, id);
    holder.replaced.set(runKey(old.request), old);
    const control = { kind: "cancel", id, reason: "a later run replaced it" };
    tell(holder, { op: "control", control: { ...control, attempt: old.request.attempt } });
    // Runs are told apart by their attempts alone.
    const attempt = Math.max(entry.request.attempt, old.request.attempt + 1);
    onRequest(entry.from, { ...entry.request, attempt });
  };

  const fail = ({ request, from }: Entry<Member>, error: RequestError, dead = false): void => {
    const frame = { kind: "error", id: request.id, ...errorBody(error), ...runOf(request) };
    if (members.has(from)) tell(from, { op: "frame", frame, dead });
  };

  /** A member that held it is gone: it runs again, where it may, or is given up. */
  const giveBack = (entry: Entry<Member>): void => {
    const { type, attempt } = entry.request;
    if (attempt >= MAX_ATTEMPTS) return fail(entry, workerLost(type), true);
    if (benched.has(type)) return fail(entry, workerLost(type));
    queueOf(type).giveBack({ ...entry, request: { ...entry.request, attempt: attempt + 1 } });
  };

  const onControl = (control: LooseMessage): void => {
    const holder = holders.get(control.id);
    const isCancel = control.kind === "cancel" && control.attempt === undefined;
    if (holder) tell(holder, { op: "control", control });
    // Of what ends in a queue of the bus no answer comes.
    if (holder && holder === uplink && isCancel) forget(uplink, control.id);
    if (!holder && isCancel) {
      for (const queue of queues.values()) {
        const entry = queue.remove(control.id);
        if (entry) letGo(entry);
      }
    }
  };

  /** The run that a frame is of, where nobody takes anything of it any more. */
  const replacedRun = ({ replaced }: Member, { id, attempt = 1 }: LooseMessage) =>
    replaced.size === 0 ? undefined : replaced.get(runKey({ id, attempt }));

  const onFrame = (member: Member, frame: LooseMessage): void => {
    const replaced = replacedRun(member, frame);
    if (replaced && isTerminal(frame)) {
      member.replaced.delete(runKey(replaced.request));
      queues.get(replaced.request.type)?.release(member);
    }
    const entry = replaced ? undefined : member.holds.get(frame.id);
    if (!entry) return; // It settled already, was replaced, or never was this member's.
    if (members.has(entry.from)) tell(entry.from, { op: "frame", frame });
    if (!isTerminal(frame)) return;
    forget(member, frame.id);
    queues.get(entry.request.type)?.release(member);
  };

  const forget = (member: Member, id: string): void => {
    member.holds.delete(id);
    holders.delete(id);
  };

  const mergedOf = (worker: string): Announcement =>
    mergeAnnouncements(worker, [...members].flatMap((member) => member.announcement ?? []));

  const onAnnouncement = (member: Member, announcement: Announcement): void => {
    member.announcement = announcement.goodbye ? undefined : announcement;
    const merged = mergedOf(announcement.worker);
    for (const other of members) {
      if (other.watches) tell(other, { op: "announce", announcement: merged });
    }
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
        return onControl(op.control);
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
        return onAnnouncement(member, op.announcement);
      case "measure": {
        const depths = [...queues].map(([type, queue]) => [type, queue.countWaiting()]);
        return tell(member, { op: "depths", depths: Object.fromEntries(depths) });
      }
      case "watch":
        member.watches = true;
        for (const worker of new Set([...members].map((other) => other.announcement?.worker))) {
          if (worker !== undefined) {
            tell(member, { op: "announce", announcement: mergedOf(worker) });
          }
        }
    }
  };

  const withdraw = (member: Member): void => {
    const entries = [...queues.values()].flatMap((queue) => queue.removeFrom(member));
    const requests = entries.map(({ request: { id, attempt } }) => ({ id, attempt }));
    tell(member, { op: "withdrawn", requests });
  };

  const release = (member: Member): void => {
    leave(member);
    for (const [id, entry] of member.holds.entries()) {
      forget(member, id);
      if (members.has(entry.from)) giveBack(entry);
    }
  };

  const onClose = (member: Member): void => {
    if (!members.delete(member)) return;
    if (member === uplink) uplink = undefined;
    leave(member);
    for (const queue of queues.values()) queue.removeFrom(member);
    for (const [id, holder] of holders) {
      if (holder.holds.get(id)?.from !== member) continue;
      const control = { kind: "cancel", id, reason: "the requester is gone" };
      if (holder !== member) tell(holder, { op: "control", control });
      if (holder === uplink) forget(holder, id);
    }
    release(member);
    if (member.announcement) onAnnouncement(member, { ...member.announcement, goodbye: true });
  };

  return {
    attach(link, options = {}) {
      const member: Member = {
        ...{ link, types: new Set(), watches: false },
        ...{ holds: createTransientMap(), replaced: new Map() },
      };
      members.add(member);
      if (options.uplink) uplink = member;
      link.open({
        onOp(op) {
          if (link.isLocal) return onOp(member, op as MemberOp);
          const parsed = v.safeParse(MemberOp, op);
          if (parsed.success) onOp(member, parsed.output);
          else log.warn("An op was not understood.", { issue: parsed.issues[0].message });
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
