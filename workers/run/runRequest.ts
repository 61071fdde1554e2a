import * as v from "valibot";
import type { Caller } from "../../common/bus/createCaller.ts";
import type { Delivery } from "../../common/bus/port.ts";
import type { Logger } from "../../common/logger.ts";
import type { AnyHandler, HandlerContext } from "../../common/plugin/types.ts";
import { callerId } from "../../common/schemas/busMessages.ts";
import type { ErrorBody, Frame, FrameBody } from "../../common/schemas/frames.ts";
import { checkAnswer } from "./checkAnswer.ts";
import { createContext } from "./createContext.ts";
import { createCreditGate } from "./creditGate.ts";
import { invalidRequest, stopped, workerLost } from "./failures.ts";
import { createProgressReporter } from "./progressReporter.ts";
import { toFailure } from "./toFailure.ts";

/** A request that runs longer than this is told to be running, in milliseconds. */
const STARTED_AFTER_MS = 50;
/** How long a handler may go on after its signal aborted before its place is given away. */
const ABORT_GRACE_MS = 5_000;

/** A request under way in this worker. */
export type Run = {
  /** Aborts the handler's signal; what it says afterwards reaches nobody. */
  abort(reason: string): void;
  grant(n: number): void;
  /** Resolves when the delivery has settled; never rejects. */
  readonly done: Promise<void>;
};

/** What `runRequest` works with. */
export type RunDeps = { worker: string; caller: Caller; log: Logger; maxPayloadBytes: number };

/**
 * Runs one delivered request to its terminal frame: input parsed, handler called, every answer
 * checked on its way out. The delivery settles when the handler has really ended, so that a
 * cancelled one still counts for its concurrency, or five seconds after its signal aborted.
 */
export const runRequest = (
  delivery: Delivery,
  handler: AnyHandler,
  { worker, caller, log: workerLog, maxPayloadBytes }: RunDeps,
): Run => {
  const { request } = delivery;
  const { type, attempt, trace } = request;
  const log = workerLog.child({ requestId: callerId(request.id), type, trace });
  const startedAt = performance.now();
  const aborter = new AbortController();
  const { signal } = aborter;
  const gate = createCreditGate(request.credit);
  const settled = Promise.withResolvers<void>();
  let over = false;
  let grace: ReturnType<typeof setTimeout> | undefined;

  // The body is one variant of the union, and the id completes it.
  const send = (body: FrameBody): void => delivery.reply({ ...body, id: request.id } as Frame);
  const progress = createProgressReporter(send);

  const settle = (body: FrameBody & { kind: "end" | "error" }): void => {
    if (over) return;
    over = true;
    for (const timer of [deadline, started, grace]) clearTimeout(timer);
    progress.flush();
    const ms = Math.round(performance.now() - startedAt);
    log.debug("settled", { ms, code: body.kind === "error" ? body.code : "ok" });
    send(body);
    settled.resolve();
  };
  const fail = (body: ErrorBody): void => settle({ kind: "error", ...body });

  const abort = (reason: string, code: "CANCELLED" | "TIMEOUT" = "CANCELLED"): void => {
    if (over || signal.aborted) return;
    log.debug("aborted", { reason });
    aborter.abort(new DOMException(reason, "AbortError"));
    gate.open();
    grace = setTimeout(() => {
      log.warn("The handler ignores its signal; its place is given away while it goes on.");
      fail(stopped(type, code, reason));
    }, ABORT_GRACE_MS);
  };

  const deadline = setTimeout(() => abort("its time was over", "TIMEOUT"), request.timeoutMs);
  const tellStarted = () => send({ kind: "started", worker });
  const started = handler.chunk ? undefined : setTimeout(tellStarted, STARTED_AFTER_MS);

  const check = (value: unknown, what: string, schema: v.GenericSchema): unknown =>
    checkAnswer(value, { schema, what: `${what} of ${type}`, maxBytes: maxPayloadBytes });

  const stream = async (answer: unknown, schema: v.GenericSchema): Promise<void> => {
    const chunks = iterate(answer);
    let seq = 0;
    try {
      for (;;) {
        await gate.take();
        const next = signal.aborted ? undefined : await chunks.next();
        if (!next || signal.aborted) return fail(stopped(type, "CANCELLED", "aborted"));
        if (next.done) return settle({ kind: "end", seq });
        send({ kind: "chunk", seq: seq++, data: check(next.value, "A chunk", schema) });
      }
    } finally {
      await chunks.return?.();
    }
  };

  const run = async (): Promise<void> => {
    if (attempt > 1 && !handler.idempotent) return fail(workerLost(type));
    const input = v.safeParse(handler.input, request.payload);
    if (!input.success) return fail(invalidRequest(type, input.issues));
    log.debug("running", { attempt });
    if (handler.chunk) tellStarted();
    const remainingMs = () => request.timeoutMs - (performance.now() - startedAt);
    const context: HandlerContext = createContext({
      request,
      signal,
      remainingMs,
      caller,
      log,
      send: (body) => over || send(body),
      progress: progress.report,
    });
    // `handle` takes what its own schema gave; the types were forgotten when the plugin loaded.
    const answer = handler.handle(input.output as never, context);
    if (handler.chunk) return await stream(answer, handler.chunk);
    settle({ kind: "end", seq: 0, data: check(await answer, "The result", handler.output!) });
  };

  const onThrow = (thrown: unknown): void => {
    if (over) return log.debug("It threw after it had settled.", { error: thrown });
    if (signal.aborted) return fail(stopped(type, "CANCELLED", String(signal.reason)));
    fail(toFailure(thrown, { type, log }));
  };
  run().catch(onThrow);

  return { abort, grant: gate.grant, done: settled.promise };
};

/** An async iterator over what a streaming handler gave. */
const iterate = (answer: unknown): AsyncIterator<unknown> | Iterator<unknown> => {
  const iterable = answer as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null;
  const iterator = iterable?.[Symbol.asyncIterator]?.() ?? iterable?.[Symbol.iterator]?.();
  if (!iterator) throw new Error("A handler with `chunk` must be an (async) generator.");
  return iterator;
};
