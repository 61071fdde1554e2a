import * as v from "valibot";
import { errorBody, RequestError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { isTerminal } from "../schemas/frames.ts";
import type { Link } from "./link.ts";
import {
  type BrokerOp,
  type LooseAnnouncement,
  type LooseMessage,
  type LooseRequest,
  MemberOp,
} from "./ops.ts";
import { createRequestQueue, type Entry, type RequestQueue } from "./requestQueue.ts";

/** One end of a link: a gateway, a worker, or both at once. */
type Member = {
  link: Link;
  types: Set<string>;
  /** Delivered to it and not settled. */
  holds: Map<string, Entry<Member>>;
  watches: boolean;
  announcement?: LooseAnnouncement;
};

/** The embedded engine's middle: it holds the queues of one process. */
export type Broker = {
  /** Takes the broker's end of a link; the member lives until the link closes. */
  attach(link: Link): void;
};

/** Makes a broker. `now` is a clock that never goes back, in milliseconds. */
export const createBroker = (
  { log, now = () => performance.now() }: { log: Logger; now?(): number },
): Broker => {
  const members = new Set<Member>();
  const queues = new Map<string, RequestQueue<Member>>();
  /** Where each request under way is held. */
  const holders = new Map<string, Member>();

  const tell = (member: Member, op: BrokerOp): void => member.link.send(op);

  const deliver = (entry: Entry<Member>, member: Member): void => {
    const timeoutMs = Math.max(1, Math.ceil(entry.expiresAt - now()));
    member.holds.set(entry.request.id, entry);
    holders.set(entry.request.id, member);
    tell(member, { op: "request", request: { ...entry.request, timeoutMs } });
  };

  const queueOf = (type: string): RequestQueue<Member> => {
    const queue = queues.get(type) ?? createRequestQueue<Member>({ deliver, now });
    queues.set(type, queue);
    return queue;
  };

  const onRequest = (from: Member, request: LooseRequest): void => {
    const queue = queues.get(request.type);
    if (queue) return queue.add({ request, from, expiresAt: now() + request.timeoutMs });
    const body = errorBody(noHandler(request.type));
    tell(from, { op: "frame", frame: { kind: "error", id: request.id, ...body } });
  };

  const onControl = (control: LooseMessage): void => {
    const holder = holders.get(control.id);
    if (holder) tell(holder, { op: "control", control });
    else if (control.kind === "cancel") {
      for (const queue of queues.values()) queue.remove(control.id);
    }
  };

  const onFrame = (member: Member, frame: LooseMessage): void => {
    const entry = member.holds.get(frame.id);
    if (!entry) return; // It settled already, or never was this member's.
    if (members.has(entry.from)) tell(entry.from, { op: "frame", frame });
    if (!isTerminal(frame)) return;
    forget(member, frame.id);
    queues.get(entry.request.type)?.release(member);
  };

  const forget = (member: Member, id: string): void => {
    member.holds.delete(id);
    holders.delete(id);
  };

  const onAnnouncement = (member: Member, announcement: LooseAnnouncement): void => {
    member.announcement = announcement;
    for (const other of members) if (other.watches) tell(other, { op: "announce", announcement });
  };

  const leave = (member: Member): void => {
    for (const type of member.types) queues.get(type)?.leave(member);
    member.types.clear();
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
        return queueOf(op.type).serve(member, op.concurrency);
      case "pause":
        return leave(member);
      case "announce":
        return onAnnouncement(member, op.announcement);
      case "watch":
        member.watches = true;
        for (const { announcement } of members) {
          if (announcement) tell(member, { op: "announce", announcement });
        }
    }
  };

  const onClose = (member: Member): void => {
    if (!members.delete(member)) return;
    leave(member);
    for (const queue of queues.values()) queue.removeFrom(member);
    for (const [id, holder] of holders) {
      if (holder.holds.get(id)?.from !== member) continue;
      const control = { kind: "cancel", id, reason: "the requester is gone" };
      if (holder !== member) tell(holder, { op: "control", control });
    }
    for (const [id, entry] of member.holds) {
      forget(member, id);
      if (!members.has(entry.from)) continue;
      const request = { ...entry.request, attempt: entry.request.attempt + 1 };
      queueOf(request.type).giveBack({ ...entry, request });
    }
    const { announcement } = member;
    if (announcement) onAnnouncement(member, { ...announcement, goodbye: true });
  };

  return {
    attach(link) {
      const member: Member = { link, types: new Set(), holds: new Map(), watches: false };
      members.add(member);
      link.open({
        onOp(op) {
          const parsed = v.safeParse(MemberOp, op);
          if (parsed.success) onOp(member, parsed.output);
          else log.warn("An op was not understood.", { issue: parsed.issues[0].message });
        },
        onClose: () => onClose(member),
      });
    },
  };
};

const noHandler = (type: string): RequestError =>
  new RequestError("NO_HANDLER", `There is no handler "${type}": no worker has ever served it.`);
