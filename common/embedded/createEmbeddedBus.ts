import * as v from "valibot";
import type { Bus, BusState, Delivery, Requester, Responder, ServeOptions } from "../bus/port.ts";
import { RequestError } from "../errors.ts";
import { createId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { BusRequest, Control } from "../schemas/busMessages.ts";
import type { Announcement } from "../schemas/catalog.ts";
import { type Frame, isTerminal } from "../schemas/frames.ts";
import { settlesWithin } from "../settlesWithin.ts";
import type { Link } from "./link.ts";
import { BrokerOp, type MemberOp } from "./ops.ts";
import { endingOf } from "./unread.ts";

/** How long `pause` and `close` wait for the broker's answer, in milliseconds. */
const ANSWER_MS = 2_000;

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

  const onOp = (op: BrokerOp): void => {
    switch (op.op) {
      case "request":
        return served.get(op.request.type)?.onRequest(createDelivery(op.request, tell));
      case "frame":
        return onFrame?.(op.frame);
      case "control":
        return onControl?.(op.control);
      case "announce":
        for (const watcher of watchers) watcher(op.announcement);
        return;
      case "paused":
        return paused.resolve();
      case "released":
        return released.resolve();
      case "depths":
        return onMeasured(op.depths);
    }
  };

  const onMeasured = (depths: Record<string, number>): void => {
    measured?.resolve(depths);
    measured = undefined;
  };

  link.open({
    onOp(value) {
      if (link.isLocal) return onOp(value as BrokerOp);
      const parsed = v.safeParse(BrokerOp, value);
      if (parsed.success) return onOp(parsed.output);
      log.warn("A message on the bus was not understood.", { issue: parsed.issues[0].message });
      const ending = endingOf(value);
      if (ending?.isRequest) tell({ op: "frame", frame: ending.frame });
      else if (ending) onFrame?.(ending.frame);
    },
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
