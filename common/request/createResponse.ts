import { BackendError } from "../errors.ts";
import { apart, type ErrorBody, type Frame, type SingleFrame } from "../schemas/frames.ts";
import { DEFAULT_CREDIT } from "../schemas/limits.ts";
import { type ChunkBuffer, createChunkBuffer } from "./chunkBuffer.ts";
import type { CallOptions, Response } from "./types.ts";

/** What a response says back to where its frames come from. */
export type ResponseSource = {
  /** `n` more chunks may be sent. */
  grant(n: number): void;
  /** Nobody wants the rest. */
  cancel(reason: string): void;
  /** It has an outcome; nothing more will be taken. Called once. */
  onSettled(): void;
};

/** How the caller takes the answer; it shows by the first thing the caller does. */
type Mode = "undecided" | "awaited" | "iterated" | "observed";

/**
 * Turns the frames of one request into a `Response`. Duplicates are dropped by `seq`, a gap ends it
 * with `STREAM_BROKEN`, and after the first outcome nothing changes it. A callback that throws ends
 * the request with what it threw.
 *
 * `onResponse` alone counts as a reader: chunks are not kept for a later `await` then.
 */
export const createResponse = (id: string, source: ResponseSource, options: CallOptions = {}) => {
  const { signal, onProgress, onLog, onResponse } = options;
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  /** Chunks that wait for their reader: most requests never have any. */
  let buffer: ChunkBuffer | undefined;
  const collected: unknown[] = [];
  let mode: Mode = "undecided";
  let settled = false;
  let nextSeq = 0;

  const buffered = (): ChunkBuffer => buffer ??= createChunkBuffer(DEFAULT_CREDIT, source.grant);

  const settle = (): void => {
    settled = true;
    signal?.removeEventListener("abort", onAbort);
    source.onSettled();
  };

  /** Ends it; with a `reason` where whoever answers is to stop. */
  const abandon = (error: unknown, reason?: string): void => {
    if (!settled && reason !== undefined) source.cancel(reason);
    // What it is cancelled at may have said so at once.
    if (settled) return;
    settle();
    if (mode !== "awaited") buffered().end(error);
    promise.catch(() => {}); // Whoever only iterates sees the error there.
    reject(error);
  };

  const fail = (body: ErrorBody, reason?: string): void =>
    abandon(new BackendError(body, id), reason);

  const cancel = (reason = "cancelled by the caller"): void => fail(cancelledBody(reason), reason);

  const onAbort = (): void => cancel(reasonOf(signal));

  const onChunk = ({ data, cost }: Frame & { kind: "chunk" }): void => {
    nextSeq++;
    if (mode === "undecided" && onResponse) mode = "observed";
    if (mode === "observed") return buffered().skip(cost);
    buffered().push(data, cost);
    if (mode === "awaited") collected.push(...buffered().takeAll());
  };

  const onEnd = (frame: Frame & { kind: "end" }): void => {
    // A callback may have ended it.
    if (settled) return;
    settle();
    const once = Object.hasOwn(frame, "data");
    // Whoever awaits it, as most do, takes nothing from the buffer.
    if (mode !== "awaited") {
      if (once) buffered().push(frame.data);
      buffered().end();
    }
    const wanted = mode === "awaited" || mode === "undecided";
    resolve(once ? frame.data : wanted ? collected : undefined);
  };

  const take = (frame: SingleFrame): void => {
    // Sent twice: by a run that repeats what there was, on credit that it needs back.
    if (frame.kind === "chunk" && frame.seq < nextSeq) return buffered().skip(frame.cost);
    if ("seq" in frame && frame.seq !== nextSeq) return fail(broken(frame, nextSeq), "a gap");
    onResponse?.(frame);
    if (frame.kind === "chunk") onChunk(frame);
    else if (frame.kind === "progress") onProgress?.(frame);
    else if (frame.kind === "log") onLog?.(frame);
    else if (frame.kind === "end") onEnd(frame);
    else if (frame.kind === "error") fail(frame);
  };

  const awaited = (): Promise<unknown> => {
    if (mode === "undecided") {
      mode = "awaited";
      if (buffer) collected.push(...buffer.takeAll());
    }
    return promise;
  };

  const iterate = (): AsyncIterator<unknown> => {
    if (mode !== "undecided") throw new TypeError(`This response is already ${mode}.`);
    mode = "iterated";
    return {
      next: buffered().next,
      return: () => {
        cancel("the caller left the loop");
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  };

  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });

  const response: Response = {
    id,
    cancel,
    then: (onValue, onError) => awaited().then(onValue, onError),
    catch: (onError) => awaited().catch(onError),
    finally: (onDone) => awaited().finally(onDone),
    [Symbol.asyncIterator]: iterate,
    [Symbol.toStringTag]: "BackendRequest",
  };

  /** Takes the next frame; frames that follow the outcome are ignored. */
  const push = (frame: Frame): void => {
    if (frame.kind === "chunks") return apart(frame).forEach(push);
    if (settled) return;
    try {
      take(frame);
    } catch (error) {
      abandon(error, "a callback of the caller threw");
    }
  };

  return { response, fail, push };
};

/** What a stream ends with where something of it is missing. */
const broken = ({ kind, seq }: Frame & { seq: number }, came: number): ErrorBody => {
  const why = kind === "end"
    ? `The stream had ${seq} chunks, but ${came} came.`
    : `Chunk ${came} is missing: ${seq} came next.`;
  const message = `${why} The stream cannot be trusted.`;
  return { code: "STREAM_BROKEN", message, retryable: true };
};

/** What a cancelled request rejects with. */
export const cancelledBody = (reason: string): ErrorBody => ({
  code: "CANCELLED",
  message: `The request was cancelled: ${reason}.`,
  retryable: false,
});

const reasonOf = (signal?: AbortSignal): string =>
  signal?.reason instanceof Error ? signal.reason.message : String(signal?.reason ?? "aborted");
