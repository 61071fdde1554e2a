import { setImmediate } from "node:timers/promises";
import * as v from "valibot";
import type { Caller } from "../../common/bus/createCaller.ts";
import type { Delivery } from "../../common/bus/port.ts";
import type { Deadline, Deadlines } from "../../common/createDeadlines.ts";
import { lazily } from "../../common/lazily.ts";
import type { LogFields, Logger } from "../../common/logger.ts";
import type { AnyHandler } from "../../common/plugin/types.ts";
import { callerId } from "../../common/schemas/busMessages.ts";
import {
  type ErrorBody,
  type Frame,
  type FrameBody,
  isTerminal,
  runOf,
} from "../../common/schemas/frames.ts";
import { checkAnswer } from "./checkAnswer.ts";
import { createContext } from "./createContext.ts";
import { createCreditGate } from "./creditGate.ts";
import { invalidRequest, type StopCode, stopped, unwritable, workerLost } from "./failures.ts";
import { createProgressReporter, type ProgressReporter } from "./progressReporter.ts";
import { gatherChunks } from "./gatherChunks.ts";
import { toFailure } from "./toFailure.ts";

/** A request that runs longer than this is told to be running, in milliseconds. */
const STARTED_AFTER_MS = 50;
/** A stream gives way to other work after so many chunks. */
const CHUNKS_PER_TURN = 64;
/** How long a handler may go on after its signal aborted before its place is given away. */
const ABORT_GRACE_MS = 5_000;

/** A request under way in this worker. */
export type Run = {
  /** The request's, by which runs of one request are told apart. */
  readonly attempt: number;
  /** Aborts the handler's signal; what it says afterwards reaches nobody. */
  abort(reason: string, code?: StopCode): void;
  /**
   * Aborts the handler's signal because its worker stops. What may run again is left unsettled, for
   * another worker; anything else ends as `WORKER_LOST`.
   */
  stop(reason: string): void;
  /** All credit beyond the first, so far. */
  grant(total: number): void;
  /** Resolves when the delivery has settled; never rejects. */
  readonly done: Promise<void>;
};

/** What `runRequest` works with. */
export type RunDeps = {
  worker: string;
  caller: Caller;
  /** Kept for all runs together. */
  deadlines: Deadlines;
  /** A clock that never goes back, in milliseconds. */
  now(): number;
  log: Logger;
  maxPayloadBytes: number;
  /** A stream whose reader takes nothing for so long is ended, in milliseconds. */
  stallMs: number;
};

/**
 * Runs one delivered request to its terminal frame: input parsed, handler called, every answer
 * checked on its way out. The delivery settles when the handler has really ended, so that a
 * cancelled one still counts for its concurrency, or five seconds after its signal aborted.
 */
export const runRequest = (
  delivery: Delivery,
  handler: AnyHandler,
  { worker, caller, deadlines, now, log: workerLog, maxPayloadBytes, stallMs }: RunDeps,
): Run => {
  const { request } = delivery;
  const { type, attempt, trace } = request;
  const log = lazily(() => workerLog.child({ requestId: callerId(request.id), type, trace }));
  // Most requests write nothing else, and need no logger of their own for it.
  const debug = (what: string, fields: LogFields): void =>
    workerLog.debug(what, { requestId: callerId(request.id), type, trace, ...fields });
  const startedAt = now();
  const aborter = new AbortController();
  const gate = handler.chunk && createCreditGate(request.credit, {
    stallMs,
    onStall: () => abort(`its reader took nothing for ${stallMs / 1_000} s`, "STREAM_BROKEN"),
  });
  const settled = Promise.withResolvers<void>();
  let over = false;
  /** What the request ends with, once its signal has aborted. */
  let stopping: ErrorBody | undefined;
  let grace: Deadline | undefined;

  // The body is one variant of the union, and the id completes it.
  const reply = (body: FrameBody): void =>
    delivery.reply({ ...body, id: request.id, ...runOf(request) } as Frame);
  const write = (body: FrameBody): void => {
    try {
      reply(body);
    } catch (error) {
      // What was measured can hardly fail to be written; if it does, the caller must hear of it.
      log().error("A frame could not be written.", { error, kind: body.kind });
      if (isTerminal(body)) reply({ kind: "error", ...unwritable(type) });
    }
  };
  const gathered = handler.chunk && gatherChunks(write, { together: request.chunks });
  const send = (body: FrameBody): void => {
    gathered?.flush();
    write(body);
  };
  let progress: ProgressReporter | undefined;

  const { context, endCalls } = createContext({
    request,
    signal: aborter.signal,
    remainingMs: () => request.timeoutMs - (performance.now() - startedAt),
    caller,
    maxPayloadBytes,
    log,
    send: (body) => over || send(body),
    progress(fraction, message) {
      if (!over) (progress ??= createProgressReporter(send)).report(fraction, message);
    },
  });

  /** Ends it, with its last frame where it has one. */
  const settle = (body?: FrameBody & { kind: "end" | "error" }): void => {
    if (over) return;
    over = true;
    gathered?.flush();
    deadlines.remove(deadline);
    deadlines.remove(started);
    deadlines.remove(grace);
    endCalls();
    progress?.flush();
    const ms = Math.round(now() - startedAt);
    const code = body === undefined ? "given back" : body.kind === "error" ? body.code : "ok";
    debug("settled", { ms, code });
    if (body) send(body);
    settled.resolve();
  };
  const fail = (body: ErrorBody): void => {
    const elapsedMs = Math.round(now() - startedAt);
    settle({ kind: "error", where: { state: "running", worker, elapsedMs }, ...body });
  };

  const abort = (reason: string, code: StopCode = "CANCELLED"): void => {
    if (over || stopping) return;
    const ending = stopping = stopped(type, code, reason);
    debug("aborted", { reason });
    aborter.abort(new DOMException(reason, "AbortError"));
    gate?.open();
    grace = deadlines.add(ABORT_GRACE_MS, () => {
      log().warn("The handler ignores its signal; its place is given away while it goes on.");
      fail(ending);
    });
  };

  const stop = (reason: string): void => {
    if (!handler.idempotent || stopping) return abort(reason, "WORKER_LOST");
    settle();
    aborter.abort(new DOMException(reason, "AbortError"));
    gate?.open();
  };

  const onDeadline = () => abort("its time was over", "TIMEOUT");
  const deadline = deadlines.add(request.timeoutMs, onDeadline);
  const tellStarted = () => send({ kind: "started", worker });
  const started = handler.chunk ? undefined : deadlines.add(STARTED_AFTER_MS, tellStarted);

  const check = (value: unknown, what: string, schema: v.GenericSchema) =>
    checkAnswer(value, { schema, what: `${what} of ${type}`, maxBytes: maxPayloadBytes });

  /** Sends every chunk; gives their number when the generator has really ended. */
  const stream = async (answer: unknown, schema: v.GenericSchema): Promise<number> => {
    const chunks = iterate(answer);
    const { signal } = aborter;
    try {
      for (let seq = 0;; seq++) {
        const waits = gate?.pass();
        if (waits) await waits;
        signal.throwIfAborted();
        const next = await chunks.next();
        signal.throwIfAborted();
        if (next.done) return seq;
        const { answer: data, bytes } = check(next.value, "A chunk", schema);
        gate?.spend(gathered!.add(seq, data, bytes));
        // With much credit a generator that never waits would keep pings and cancels out.
        if (seq % CHUNKS_PER_TURN === CHUNKS_PER_TURN - 1) await setImmediate();
      }
    } finally {
      await chunks.return?.();
    }
  };

  const run = async (): Promise<void> => {
    if (attempt > 1 && !handler.idempotent) return fail(workerLost(type));
    const input = v.safeParse(handler.input, request.payload);
    if (!input.success) return fail(invalidRequest(type, input.issues));
    debug("running", { attempt });
    if (handler.chunk) tellStarted();
    // `handle` takes what its own schema gave; the types were forgotten when the plugin loaded.
    const answer = handler.handle(input.output as never, context);
    if (handler.chunk) return settle({ kind: "end", seq: await stream(answer, handler.chunk) });
    const { answer: data } = check(await answer, "The result", handler.output!);
    settle({ kind: "end", seq: 0, data });
  };

  const onThrow = (thrown: unknown): void => {
    if (over) return debug("It threw after it had settled.", { error: thrown });
    fail(stopping ?? toFailure(thrown, { type, log: log() }));
  };
  run().catch(onThrow);

  return { attempt, abort, stop, grant: (total) => gate?.grant(total), done: settled.promise };
};

/** An async iterator over what a streaming handler gave. */
const iterate = (chunks: unknown): AsyncIterator<unknown> | Iterator<unknown> => {
  const iterable = chunks as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null;
  const iterator = iterable?.[Symbol.asyncIterator]?.() ?? iterable?.[Symbol.iterator]?.();
  if (!iterator) throw new Error("A handler with `chunk` must be an (async) generator.");
  return iterator;
};
