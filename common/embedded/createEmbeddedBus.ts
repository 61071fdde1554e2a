import * as v from "valibot";
import type { Bus, BusState, Delivery, Requester, Responder, ServeOptions } from "../bus/port.ts";
import { errorBody, RequestError } from "../errors.ts";
import { createId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { BusRequest, Control } from "../schemas/busMessages.ts";
import { Announcement } from "../schemas/catalog.ts";
import { Frame, isTerminal, runOf } from "../schemas/frames.ts";
import { settlesWithin } from "../settlesWithin.ts";
import type { Link } from "./link.ts";
import { BrokerOp, type MemberOp } from "./ops.ts";

/** How long `pause` and `close` wait for the broker's answer, in milliseconds. */
const ANSWER_MS = 2_000;

const RequestOp = v.object({ op: v.literal("request"), request: BusRequest });

/**
 * Makes a bus out of a member's end of a link to a broker. One requester, one responder and any
 * number of watchers can be opened on it. When the link closes, the state is `closed` for good and
 * `onClosed` is called: the other process is gone.
 */
export const createEmbeddedBus = (
  { link, log, onClosed }: { link: Link; log: Logger; onClosed?(): void },
): Bus => {
  let state: BusState = "ready";
  let onFrame: ((frame: Frame) => void) | undefined;
  let onControl: ((control: Control) => void) | undefined;
  const served = new Map<string, ServeOptions>();
  let paused = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  /** Asked for, and not answered yet. */
  let measured: PromiseWithResolvers<Record<string, number>> | undefined;
  const watchers = new Set<(announcement: Announcement) => void>();

  const tell = (op: MemberOp): void => link.send(op);

  const parse = <Schema extends v.GenericSchema>(schema: Schema, value: unknown) => {
    const parsed = v.safeParse(schema, value);
    if (parsed.success) return parsed.output;
    log.warn("A message on the bus was not understood.", { issue: parsed.issues[0].message });
  };

  /** The most frequent of all: it is parsed once. Gives whether it could be. */
  const take = (value: unknown): boolean => {
    const parsed = v.safeParse(RequestOp, value);
    if (!parsed.success) return false;
    const { request } = parsed.output;
    served.get(request.type)?.onRequest(createDelivery(request, tell));
    return true;
  };
  const onBadRequest = ({ request }: BrokerOp & { op: "request" }): void => {
    parse(BusRequest, request);
    const body = errorBody(new RequestError("INVALID_REQUEST", "The request was not understood."));
    const { id } = request;
    tell({ op: "frame", frame: { kind: "error", id, ...body, ...runOf(request) } });
  };

  const onOp = (value: unknown): void => {
    if ((value as { op?: unknown } | null)?.op === "request" && take(value)) return;
    const op = link.isLocal ? value as BrokerOp : parse(BrokerOp, value);
    if (op?.op === "request") onBadRequest(op);
    if (op?.op === "frame") give(parse(Frame, op.frame), onFrame);
    if (op?.op === "paused") paused.resolve();
    if (op?.op === "released") released.resolve();
    if (op?.op === "depths") onMeasured(op.depths);
    if (op?.op === "control") give(parse(Control, op.control), onControl);
    if (op?.op === "announce") {
      const announcement = parse(Announcement, op.announcement);
      for (const watcher of watchers) give(announcement, watcher);
    }
  };

  const onMeasured = (depths: Record<string, number>): void => {
    measured?.resolve(depths);
    measured = undefined;
  };

  link.open({
    onOp,
    onClose() {
      state = "closed";
      paused.resolve();
      released.resolve();
      onMeasured({});
      onClosed?.();
    },
  });

  const requester: Requester = {
    isBlocked: false,
    publish(request) {
      if (state === "closed") return Promise.reject(closed());
      tell({ op: "request", request });
      return Promise.resolve();
    },
    control: (control) => tell({ op: "control", control }),
    close: () => Promise.resolve(void (onFrame = undefined)),
  };

  const responder: Responder = {
    serve(type, options) {
      const take = () => tell({ op: "serve", type, concurrency: options.concurrency });
      served.set(type, options);
      take();
      return Promise.resolve({
        pause: () => Promise.resolve(tell({ op: "pause", type })),
        resume: () => Promise.resolve(take()),
      });
    },
    announce: (announcement) => tell({ op: "announce", announcement }),
    async pause() {
      if (state === "closed") return;
      paused = Promise.withResolvers();
      tell({ op: "pause" });
      // Deliveries may be on their way.
      await settlesWithin(paused.promise, ANSWER_MS);
    },
    async close() {
      onControl = undefined;
      if (state === "closed") return;
      tell({ op: "release" });
      // A process may be seen to end before what it said last is read: that would run again.
      await settlesWithin(released.promise, ANSWER_MS);
    },
  };

  return {
    get state() {
      return state;
    },
    // The broker says goodbye for a member the moment it is gone: what is announced is there.
    hasConsumer: () => Promise.resolve(state === "ready"),
    async queueDepths(types) {
      if (state === "closed") return new Map();
      if (!measured) {
        measured = Promise.withResolvers();
        tell({ op: "measure" });
      }
      const depths = await measured.promise;
      const known = [...types].filter((type) => Object.hasOwn(depths, type));
      return new Map(known.map((type) => [type, depths[type]!]));
    },
    openRequester(options) {
      onFrame = options.onFrame;
      return Promise.resolve(requester);
    },
    openResponder(options) {
      onControl = options.onControl;
      return Promise.resolve(responder);
    },
    // One process has one gateway: there is nobody to tell.
    openPeer: () =>
      Promise.resolve({ id: createId(), answerMs: 0, tell() {}, close: () => Promise.resolve() }),
    watchAnnouncements(onAnnouncement) {
      watchers.add(onAnnouncement);
      tell({ op: "watch" });
      return Promise.resolve();
    },
    close: () => link.close(),
  };
};

const closed = (): RequestError =>
  new RequestError("BUS_UNAVAILABLE", "The bus is closed: the process at its other end is gone.");

const give = <T>(value: T | undefined, taker: ((value: T) => void) | undefined): void => {
  if (value !== undefined) taker?.(value);
};

const createDelivery = (request: BusRequest, tell: (op: MemberOp) => void): Delivery => {
  let settled = false;
  return {
    request,
    reply(frame) {
      if (settled) return;
      settled = isTerminal(frame);
      tell({ op: "frame", frame });
    },
  };
};
