import { toRequestError } from "../common/bus/callErrors.ts";
import { createTombstones } from "../common/bus/createTombstones.ts";
import type { Bus, ControlTarget, Delivery, Serving } from "../common/bus/port.ts";
import { createTransientMap } from "../common/createTransientMap.ts";
import type { Link } from "../common/embedded/link.ts";
import type { BrokerOp, MemberOp } from "../common/embedded/ops.ts";
import { errorBody, RequestError } from "../common/errors.ts";
import type { Logger } from "../common/logger.ts";
import type { BusRequest, Control } from "../common/schemas/busMessages.ts";
import type { Announcement } from "../common/schemas/catalog.ts";
import { type Frame, isTerminal, runOf } from "../common/schemas/frames.ts";
import { settlesWithin } from "../common/settlesWithin.ts";
import { ANNOUNCE_MS } from "./announceMs.ts";
import { DEFAULT_CONCURRENCY } from "./describePlugin.ts";

/** How long `pause` waits for a type to be served that has just come, in milliseconds. */
const CHANGE_MS = 2_000;

/** How long `close` waits for the broker's answer, in milliseconds. */
const WITHDRAW_MS = 1_000;

/** Options of `createUplink`. */
export type UplinkOptions = {
  /** The bus that this worker shares with others. */
  bus: Bus;
  /** The uplink's end of a link to the broker of this worker's own plugins. */
  link: Link;
  worker: string;
  log: Logger;
};

/** What joins a worker's own broker to a bus. */
export type Uplink = {
  /** Takes no more requests from the bus, and says goodbye. */
  pause(): Promise<void>;
  /** Gives back to the bus what no plugin has; to be called when the plugins are gone. */
  close(): Promise<void>;
};

/**
 * Joins the broker of one worker's plugins to a bus: requests of the types that are served there
 * come down, requests that plugins make go up. So a plugin's process that ends touches nothing of
 * the bus: what it held is given to the next one by the broker here, by the same rule as in the
 * embedded engine, and while nobody serves a type, its requests stay on the bus for other workers.
 */
export const createUplink = async ({ bus, link, worker, log }: UplinkOptions): Promise<Uplink> => {
  /** Requests of the bus that are served here. */
  const deliveries = createTransientMap<Delivery>();
  /** Requests of plugins that are on the bus, and who runs them. */
  const outgoing = new Map<string, ControlTarget>();
  const servings = new Map<string, Serving>();
  const tombstones = createTombstones();
  let last: Announcement | undefined;
  let paused = false;
  let withdrawn = Promise.withResolvers<void>();
  /** Changes of what is served, one after the other. */
  let changes: Promise<void> = Promise.resolve();

  const tell = (op: MemberOp): void => link.send(op);

  const requester = await bus.openRequester({
    onFrame(frame) {
      const target = outgoing.get(frame.id);
      if (!target) return;
      if (frame.kind === "started") target.worker = frame.worker;
      if (isTerminal(frame)) outgoing.delete(frame.id);
      tell({ op: "frame", frame });
    },
  });

  const onControl = (control: Control): void => {
    if (deliveries.get(control.id)) tell({ op: "control", control });
    else if (control.kind === "cancel" && control.attempt === undefined) tombstones.add(control.id);
  };
  const responder = await bus.openResponder({ worker, onControl });

  const onRequest = (delivery: Delivery): void => {
    const { request } = delivery;
    if (tombstones.take(request.id)) {
      const error = new RequestError("CANCELLED", "It was cancelled before it began.");
      const { id } = request;
      return delivery.reply({ kind: "error", id, ...errorBody(error), ...runOf(request) });
    }
    deliveries.set(request.id, delivery);
    tell({ op: "request", request });
  };

  const onFrame = (frame: Frame, dead: boolean): void => {
    const delivery = deliveries.get(frame.id);
    if (isTerminal(frame)) deliveries.delete(frame.id);
    delivery?.reply(frame, { dead });
  };

  const publish = (request: BusRequest): void => {
    const { type, timeoutMs } = request;
    outgoing.set(request.id, { type, timeoutMs });
    requester.publish(request).catch((error) => {
      outgoing.delete(request.id);
      const body = errorBody(toRequestError(error));
      tell({ op: "frame", frame: { kind: "error", id: request.id, ...body } });
    });
  };

  /** Takes back what waits for a plugin: it is for another worker. Most of it was never begun. */
  const withdraw = async (): Promise<void> => {
    withdrawn = Promise.withResolvers();
    tell({ op: "withdraw" });
    await settlesWithin(withdrawn.promise, WITHDRAW_MS);
  };
  const onWithdrawn = (requests: { id: string; attempt: number }[]): void => {
    for (const { id, attempt } of requests) {
      deliveries.get(id)?.giveBack?.(attempt);
      deliveries.delete(id);
    }
    withdrawn.resolve();
  };

  /** Serves what the plugins serve now, and no more. */
  const follow = async (announcement: Announcement): Promise<void> => {
    const entries = paused ? [] : announcement.plugins.flatMap(({ handlers }) => handlers);
    const types = new Set(entries.map(({ type }) => type));
    await Promise.all([
      ...[...servings].map(([type, serving]) => types.has(type) || serving.pause()),
      ...entries.map(async ({ type, concurrency = DEFAULT_CONCURRENCY }) => {
        const serving = servings.get(type);
        if (serving) return await serving.resume();
        const begun = await responder.serve(type, { concurrency, onRequest });
        servings.set(type, begun);
        if (paused) await begun.pause();
      }),
    ]);
    if (!paused) responder.announce(announcement);
  };

  const onAnnouncement = (announcement: Announcement): void => {
    const changed = JSON.stringify(announcement) !== JSON.stringify(last);
    last = announcement;
    if (!changed) return;
    changes = changes.then(() => follow(announcement)).catch((error) =>
      log.error("What this worker serves could not be changed on the bus.", { error })
    );
  };

  link.open({
    onOp(value) {
      // The broker of this very process made it, and has parsed what a plugin has said in it.
      const op = value as BrokerOp;
      if (op.op === "request") publish(op.request);
      if (op.op === "frame") onFrame(op.frame, op.dead ?? false);
      if (op.op === "announce") onAnnouncement(op.announcement);
      if (op.op === "withdrawn") onWithdrawn(op.requests);
      if (op.op === "control") {
        const { id, kind } = op.control;
        const target = outgoing.get(id);
        if (target) requester.control(op.control, target);
        // Whoever asked has settled it; of what ends in a queue no answer comes. A later run goes on.
        if (kind === "cancel" && op.control.attempt === undefined) outgoing.delete(id);
      }
    },
    onClose() {},
  });
  tell({ op: "watch" });
  const timer = setInterval(() => {
    if (last && !paused) responder.announce(last);
  }, ANNOUNCE_MS);

  return {
    async pause() {
      paused = true;
      clearInterval(timer);
      await settlesWithin(changes, CHANGE_MS);
      await responder.pause();
      await withdraw();
      responder.announce({ worker, goodbye: true, plugins: [], broken: [] });
    },
    async close() {
      clearInterval(timer);
      await withdraw();
      await responder.close();
      await requester.close();
      await link.close();
    },
  };
};
