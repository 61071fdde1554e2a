import { createCaller } from "../common/bus/createCaller.ts";
import type { Bus, Delivery } from "../common/bus/port.ts";
import { createDeadlines } from "../common/createDeadlines.ts";
import { createTickClock } from "../common/createTickClock.ts";
import { createTransientMap } from "../common/createTransientMap.ts";
import type { Logger } from "../common/logger.ts";
import type { AnyHandler } from "../common/plugin/types.ts";
import type { Control } from "../common/schemas/busMessages.ts";
import type { Announcement } from "../common/schemas/catalog.ts";
import { runOf } from "../common/schemas/frames.ts";
import { settlesWithin } from "../common/settlesWithin.ts";
import { createTombstones } from "../common/bus/createTombstones.ts";
import { ANNOUNCE_MS } from "./announceMs.ts";
import { DEFAULT_CONCURRENCY, describePlugin } from "./describePlugin.ts";
import type { Loaded } from "./loadPlugins.ts";
import { stopped } from "./run/failures.ts";
import { type Run, runRequest } from "./run/runRequest.ts";
import { takeFiles } from "./takeFiles.ts";

/** How long aborted handlers, and then every `teardown`, may hold up the stop, in milliseconds. */
const SETTLE_MS = 500;
const TEARDOWN_MS = 2_000;

/** Options of `createWorker`. */
export type WorkerOptions = {
  bus: Bus;
  /** The worker's own name; unique on the bus. */
  worker: string;
  loaded: Loaded;
  log: Logger;
  maxPayloadBytes: number;
  /** A stream whose reader takes nothing for so long is ended, in milliseconds. */
  stallMs: number;
};

/** A worker that serves every handler that was loaded. */
export type Worker = {
  readonly announcement: Announcement;
  /**
   * Takes nothing new, gives what runs `drainMs` to settle, aborts the rest, runs every `teardown`
   * and says goodbye. What has not settled goes back to the bus.
   */
  close(options?: { drainMs?: number }): Promise<void>;
};

/** Serves the handlers over a bus; resolves when requests will arrive. */
export const createWorker = async (options: WorkerOptions): Promise<Worker> => {
  const { bus, worker, loaded, log, maxPayloadBytes, stallMs } = options;
  const runs = createTransientMap<Run>();
  const tombstones = createTombstones();
  const now = createTickClock();
  const deadlines = createDeadlines({ now });
  const caller = await createCaller({ bus });

  const onControl = (control: Control): void => {
    const run = runs.get(control.id);
    if (control.kind === "credit") return run?.grant(control.total);
    const { attempt } = control;
    // What a later run has replaced is stopped if it is here; that later run may be here too.
    if (attempt === undefined && !run) tombstones.add(control.id);
    else if (run && run.attempt <= (attempt ?? Infinity)) run.abort(control.reason);
  };
  const responder = await bus.openResponder({ worker, onControl });

  // By then a later run of the request may have its place.
  const onSettled = ({ id, attempt }: { id: string; attempt: number }): void => {
    if (runs.get(id)?.attempt === attempt) runs.delete(id);
  };
  const deps = { worker, caller, deadlines, now, log, maxPayloadBytes, stallMs, onSettled };
  const onRequest = (delivery: Delivery, handler: AnyHandler): void => {
    const { id, type } = delivery.request;
    if (tombstones.take(id)) {
      const body = stopped(type, "CANCELLED", "it was cancelled before it began");
      return delivery.reply({ kind: "error", id, ...body, ...runOf(delivery.request) });
    }
    const run = runRequest(delivery, handler, deps);
    runs.get(id)?.abort("a later run replaced it");
    if (run) runs.set(id, run);
  };

  const served = loaded.plugins.flatMap(({ plugin }) =>
    Object.entries(plugin.handlers)
      .map(([key, handler]) => ({
        type: `${plugin.name}.${key}`,
        handler: { ...handler, input: takeFiles(handler.input) },
      }))
  );
  await Promise.all(served.map(({ type, handler }) =>
    responder.serve(type, {
      concurrency: handler.concurrency ?? DEFAULT_CONCURRENCY,
      onRequest: (delivery) => onRequest(delivery, handler),
    })
  ));

  const announcement: Announcement = {
    worker,
    plugins: loaded.plugins.map(({ plugin }) => describePlugin(plugin)),
    broken: loaded.broken,
  };
  const announce = () => responder.announce(announcement);
  announce();
  const timer = setInterval(announce, ANNOUNCE_MS);

  return {
    announcement,
    async close({ drainMs = 2_000 } = {}) {
      clearInterval(timer);
      await responder.pause();
      responder.announce({ ...announcement, goodbye: true });
      const settled = async () => {
        while (runs.size > 0) await Promise.all(runs.entries().map(([, run]) => run.done()));
      };
      await settlesWithin(settled(), drainMs);
      for (const [, run] of runs.entries()) run.stop("the worker stops");
      await settlesWithin(settled(), SETTLE_MS);
      await settlesWithin(tearDown(loaded, log), TEARDOWN_MS);
      await caller.close();
      await responder.close();
    },
  };
};

const tearDown = async ({ plugins }: Loaded, log: Logger): Promise<void> => {
  await Promise.all(plugins.map(async ({ file, plugin }) => {
    try {
      await plugin.teardown?.();
    } catch (error) {
      log.error("A plugin's teardown failed.", { file, error });
    }
  }));
};
