import type { Caller } from "../../common/bus/createCaller.ts";
import type { Delivery } from "../../common/bus/port.ts";
import type { Deadline, Deadlines } from "../../common/createDeadlines.ts";
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
import type { NestedCall } from "./createNestedCall.ts";
import type { CreditGate } from "./creditGate.ts";
import { unwritable } from "./failures.ts";
import type { GatheredChunks } from "./gatherChunks.ts";
import type { ProgressReporter } from "./progressReporter.ts";

/** What every run of a worker works with. */
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
  /** Called when the delivery of a run has settled, be it before `runRequest` returns. */
  onSettled?(run: { id: string; attempt: number }): void;
};

/**
 * One run of a request. What is done with it are functions beside it: as closures of each they were
 * most of what a request allocated.
 */
export type Running = {
  readonly delivery: Delivery;
  readonly handler: AnyHandler;
  readonly deps: RunDeps;
  readonly startedAt: number;
  readonly aborter: AbortController;
  /** Of a stream alone. */
  gate?: CreditGate;
  gathered?: GatheredChunks;
  /** Made when they are first needed, as most runs never do. */
  log?: Logger;
  progress?: ProgressReporter;
  nested?: NestedCall;
  settled?: PromiseWithResolvers<void>;
  isOver: boolean;
  /** What the request ends with, once its signal has aborted. */
  stopping?: ErrorBody;
  deadline?: Deadline;
  /** Until it is told to be running. */
  started?: Deadline;
  /** Until its place is given away. */
  grace?: Deadline;
};

/** Makes the record of a run that begins now. */
export const createRunning = (
  delivery: Delivery,
  handler: AnyHandler,
  deps: RunDeps,
): Running => ({
  // Every property is there from the start, and no other object spread in it: V8 is slow at both.
  delivery,
  handler,
  deps,
  startedAt: deps.now(),
  aborter: new AbortController(),
  gate: undefined,
  gathered: undefined,
  log: undefined,
  progress: undefined,
  nested: undefined,
  settled: undefined,
  isOver: false,
  stopping: undefined,
  deadline: undefined,
  started: undefined,
  grace: undefined,
});

/** What every line about the run says. */
const fieldsOf = ({ delivery: { request: { id, type, trace } } }: Running) => ({
  requestId: callerId(id),
  type,
  trace,
});

/** The log of this run. */
export const logOf = (running: Running): Logger =>
  running.log ??= running.deps.log.child(fieldsOf(running));

/** Most requests write nothing else, and need no logger of their own for it. */
export const debug = (running: Running, what: string, fields: LogFields): void => {
  const { log } = running.deps;
  if (log.level === "debug") log.debug(what, { ...fieldsOf(running), ...fields });
};

/** Milliseconds until the deadline. */
export const remainingMs = ({ delivery: { request }, startedAt }: Running): number =>
  request.timeoutMs - (performance.now() - startedAt);

const reply = ({ delivery }: Running, body: FrameBody): void => {
  const { request } = delivery;
  // The body is one variant of the union, and the id completes it.
  delivery.reply({ ...body, id: request.id, ...runOf(request) } as Frame);
};

/** Sends a frame as it is. */
export const write = (running: Running, body: FrameBody): void => {
  try {
    reply(running, body);
  } catch (error) {
    // What was measured can hardly fail to be written; if it does, the caller must hear of it.
    logOf(running).error("A frame could not be written.", { error, kind: body.kind });
    const { type } = running.delivery.request;
    if (isTerminal(body)) reply(running, { kind: "error", ...unwritable(type) });
  }
};

/** Sends a frame, after the chunks that were gathered before it. */
export const send = (running: Running, body: FrameBody): void => {
  running.gathered?.flush();
  write(running, body);
};
