import { setImmediate } from "node:timers/promises";
import * as v from "valibot";
import type { Delivery } from "../../common/bus/port.ts";
import type { AnyHandler } from "../../common/plugin/types.ts";
import type { ErrorBody, FrameBody, Where } from "../../common/schemas/frames.ts";
import { checkAnswer } from "./checkAnswer.ts";
import { createContext } from "./createContext.ts";
import { createCreditGate, type CreditGate } from "./creditGate.ts";
import { invalidRequest, type StopCode, stopped, workerLost } from "./failures.ts";
import { gatherChunks } from "./gatherChunks.ts";
import { createRunning, debug, logOf, type RunDeps, type Running, send, write } from "./running.ts";
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
  done(): Promise<void>;
};

/**
 * Runs one delivered request to its terminal frame: input parsed, handler called, every answer
 * checked on its way out. The delivery settles when the handler has really ended, so that a
 * cancelled one still counts for its concurrency, or five seconds after its signal aborted.
 * @returns nothing where it has settled already, as what is answered at once has
 */
export const runRequest = (
  delivery: Delivery,
  handler: AnyHandler,
  deps: RunDeps,
): Run | undefined => {
  const { request } = delivery;
  const running = createRunning(delivery, handler, deps);
  if (handler.chunk) {
    running.gate = createGate(running);
    const writeChunks = (body: FrameBody) => write(running, body);
    running.gathered = gatherChunks(writeChunks, { together: request.chunks });
  }
  run(running);
  // No timer could have ended what gave nobody else a turn.
  if (running.isOver) return undefined;
  arm(running);
  return {
    attempt: request.attempt,
    abort: (reason, code) => abort(running, reason, code),
    stop: (reason) => stop(running, reason),
    grant: (total) => running.gate?.grant(total),
    done() {
      running.settled ??= Promise.withResolvers();
      if (running.isOver) running.settled.resolve();
      return running.settled.promise;
    },
  };
};

const createGate = (running: Running): CreditGate => {
  const { delivery, deps: { stallMs } } = running;
  const why = `its reader took nothing for ${stallMs / 1_000} s`;
  const onStall = () => abort(running, why, "STREAM_BROKEN");
  return createCreditGate(delivery.request.credit, { stallMs, onStall });
};

const arm = (running: Running): void => {
  const { handler, delivery: { request }, deps: { deadlines } } = running;
  const onDeadline = () => abort(running, "its time was over", "TIMEOUT");
  running.deadline = deadlines.add(request.timeoutMs, onDeadline);
  if (handler.chunk) return;
  running.started = deadlines.add(STARTED_AFTER_MS, () => tellStarted(running));
};

const tellStarted = (running: Running): void =>
  send(running, { kind: "started", worker: running.deps.worker });

const elapsedMs = ({ deps, startedAt }: Running): number => Math.round(deps.now() - startedAt);

/** Ends it, with its last frame where it has one. */
const settle = (running: Running, body?: FrameBody & { kind: "end" | "error" }): void => {
  if (running.isOver) return;
  const { deps: { deadlines, onSettled }, delivery: { request } } = running;
  running.isOver = true;
  deadlines.remove(running.deadline);
  deadlines.remove(running.started);
  deadlines.remove(running.grace);
  try {
    running.gathered?.flush();
    running.nested?.endCalls();
    running.progress?.flush();
    const code = body === undefined ? "given back" : body.kind === "error" ? body.code : "ok";
    debug(running, "settled", { ms: elapsedMs(running), code });
    if (body) send(running, body);
  } finally {
    onSettled?.(request);
    running.settled?.resolve();
  }
};

const fail = (running: Running, body: ErrorBody): void => {
  const where: Where = {
    ...{ state: "running", worker: running.deps.worker, elapsedMs: elapsedMs(running) },
  };
  settle(running, { kind: "error", where, ...body });
};

const abort = (running: Running, reason: string, code: StopCode = "CANCELLED"): void => {
  if (running.isOver || running.stopping) return;
  const ending = running.stopping = stopped(running.delivery.request.type, code, reason);
  debug(running, "aborted", { reason });
  interrupt(running, reason);
  running.grace = running.deps.deadlines.add(ABORT_GRACE_MS, () => {
    const what = "The handler ignores its signal; its place is given away while it goes on.";
    logOf(running).warn(what);
    fail(running, ending);
  });
};

const interrupt = ({ aborter, gate }: Running, reason: string): void => {
  aborter.abort(new DOMException(reason, "AbortError"));
  gate?.open();
};

const stop = (running: Running, reason: string): void => {
  if (!running.handler.idempotent || running.stopping) {
    return abort(running, reason, "WORKER_LOST");
  }
  settle(running);
  interrupt(running, reason);
};

const check = (running: Running, value: unknown, what: string) => {
  const { handler, delivery, deps } = running;
  return checkAnswer(value, {
    // A handler has one or the other.
    schema: handler.chunk ?? handler.output!,
    what: `${what} of ${delivery.request.type}`,
    maxBytes: deps.maxPayloadBytes,
  });
};

/** Sends every chunk; gives their number when the generator has really ended. */
const stream = async (running: Running, answer: unknown): Promise<number> => {
  const { gate, gathered, aborter: { signal } } = running;
  const chunks = iterate(answer);
  try {
    for (let seq = 0;; seq++) {
      const waits = gate?.pass();
      if (waits) await waits;
      signal.throwIfAborted();
      const next = await chunks.next();
      signal.throwIfAborted();
      if (next.done) return seq;
      const { answer: data, bytes } = check(running, next.value, "A chunk");
      gate?.spend(gathered!.add(seq, data, bytes));
      // With much credit a generator that never waits would keep pings and cancels out.
      if (seq % CHUNKS_PER_TURN === CHUNKS_PER_TURN - 1) await setImmediate();
    }
  } finally {
    await chunks.return?.();
  }
};

const run = (running: Running): void => {
  try {
    const going = begin(running);
    if (going) going.catch((thrown) => onThrow(running, thrown));
  } catch (thrown) {
    onThrow(running, thrown);
  }
};

/** Gives what is to be waited for; nothing where it has settled, as most do at once. */
const begin = (running: Running): Promise<void> | undefined => {
  const { handler, delivery: { request: { type, attempt, payload } } } = running;
  if (attempt > 1 && !handler.idempotent) return void fail(running, workerLost(type));
  const input = v.safeParse(handler.input, payload);
  if (!input.success) return void fail(running, invalidRequest(type, input.issues));
  debug(running, "running", { attempt });
  if (handler.chunk) tellStarted(running);
  // `handle` takes what its own schema gave; the types were forgotten when the plugin loaded.
  const answer: unknown = handler.handle(input.output as never, createContext(running));
  if (handler.chunk) {
    return stream(running, answer).then((seq) => settle(running, { kind: "end", seq }));
  }
  const finish = (value: unknown): void => {
    const { answer: data } = check(running, value, "The result");
    settle(running, { kind: "end", seq: 0, data });
  };
  return isThenable(answer) ? Promise.resolve(answer).then(finish) : void finish(answer);
};

const isThenable = (value: unknown): boolean =>
  typeof (value as { then?: unknown } | null | undefined)?.then === "function";

const onThrow = (running: Running, thrown: unknown): void => {
  const { isOver, stopping, delivery: { request: { type } } } = running;
  if (isOver) return debug(running, "It threw after it had settled.", { error: thrown });
  fail(running, stopping ?? toFailure(thrown, { type, log: logOf(running) }));
};

/** An async iterator over what a streaming handler gave. */
const iterate = (chunks: unknown): AsyncIterator<unknown> | Iterator<unknown> => {
  const iterable = chunks as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null;
  const iterator = iterable?.[Symbol.asyncIterator]?.() ?? iterable?.[Symbol.iterator]?.();
  if (!iterator) throw new Error("A handler with `chunk` must be an (async) generator.");
  return iterator;
};
