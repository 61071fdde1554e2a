import { setTimeout as delay } from "node:timers/promises";
import { createDeadlines } from "../createDeadlines.ts";
import { createTransientMap } from "../createTransientMap.ts";
import { errorBody, RequestError } from "../errors.ts";
import { type BusRequest, type Control, withTimeLeft } from "../schemas/busMessages.ts";
import { type Frame, isTerminal, withoutFirst, withoutRun } from "../schemas/frames.ts";
import { MAX_CREDIT } from "../schemas/limits.ts";
import { awaits, type Call, createCall, type OnFrame } from "./call.ts";
import { broken, isNoHandler, late, stops, toRequestError } from "./callErrors.ts";
import { type CallEvent, type CallState, type CallStep, toWhere, transition } from "./callState.ts";
import { createTally } from "./createTally.ts";
import { createTurns, placesOf } from "./createTurns.ts";
import type { Bus } from "./port.ts";
import { togetherFor } from "./togetherOf.ts";

/** One request under way, from its caller's side. Everything is a no-op once it has settled. */
export type CallHandle = {
  /** Settles it with `CANCELLED` and tells whoever runs it. */
  cancel(reason: string): void;
  /** Gives `n` more credit, as far as the most that a request may have allows. */
  grant(n: number): void;
};

/** Makes requests on a bus. */
export type Caller = {
  /** How many requests are under way. */
  readonly pending: number;
  /**
   * Starts one. `onFrame` gets its frames, exactly one terminal one, and nothing after that; at the
   * deadline the terminal frame is made here. Those who are named as `from` take turns; what has
   * none, as a call that a running request makes, goes to the bus at once.
   */
  start(request: BusRequest, onFrame: OnFrame, options?: { from?: string }): CallHandle;
  /** How many of a type are held back here until it is their turn. */
  held(type: string): number;
  /** Cancels a request that another process made, wherever it runs, and leaves it unanswered. */
  stop(request: { id: string; type: string; timeoutMs: number }, reason: string): void;
  close(): Promise<void>;
};

/** Options of `createCaller`. */
export type CallerOptions = {
  bus: Bus;
  /** How many workers serve a type, where this process knows. */
  workersFor?(type: string): number | undefined;
  /** How many requests of a type one worker runs at the same time, where this process knows. */
  concurrencyFor?(type: string): number | undefined;
  /** A clock that never goes back, in milliseconds. */
  now?(): number;
};

/** A request runs so often at most, as in the engines. */
const MAX_ATTEMPTS = 3;
/** How often a request is handed over again while its queue is being declared, in milliseconds. */
const REPUBLISH_MS = 100;

/** Makes a caller: the one place where deadlines are kept and outcomes are made unique. */
export const createCaller = async (
  {
    bus,
    workersFor = () => undefined,
    concurrencyFor = () => undefined,
    now = () => performance.now(),
  }: CallerOptions,
): Promise<Caller> => {
  const calls = createTransientMap<Call>();
  const callsOf = createTally();
  const deadlines = createDeadlines({ now });
  const turns = createTurns((type) => {
    // Where the bus takes nothing, it says why, and to all. A worker that is away will be back.
    const workers = requester.isBlocked ? 0 : Math.max(1, workersFor(type) ?? 0);
    return placesOf({ workers, concurrency: concurrencyFor(type) });
  }, { deadlines, now });
  const requester = await bus.openRequester({
    onFrame(frame) {
      const call = calls.get(frame.id);
      if (call) take(call, frame);
    },
    onFramesLost() {
      for (const [, call] of calls.entries()) askAgain(call);
    },
  });

  const tellWorker = (
    { request: { id, type, timeoutMs }, state }: Call,
    control: { kind: "cancel"; reason: string } | { kind: "credit"; total: number },
  ): void => {
    const worker = state.at === "running" ? state.worker : undefined;
    requester.control({ ...control, id }, { type, worker, timeoutMs });
  };

  const whereOf = ({ request: { type } }: Call, state: CallState) =>
    toWhere(state, { now: now(), workers: workersFor(type) });

  /** Takes the next step. */
  const step = (call: Call, event: CallEvent): CallStep => {
    const next = transition(call.state, event);
    const { cost = 0, begins, stale } = next;
    call.state = next.state;
    if (stale) {
      const { id, type, timeoutMs } = call.request;
      const { worker, attempt } = stale;
      const cancel: Control = { kind: "cancel", id, reason: "a later run replaced it", attempt };
      requester.control(cancel, { type, worker, timeoutMs });
    }
    // It repeats every chunk, and was started with the credit that the first run began with.
    if (begins) call.unused = call.credit + call.granted;
    if (begins && call.granted > 0) tellWorker(call, { kind: "credit", total: call.granted });
    call.unused -= cost;
    return next;
  };

  const settle = (call: Call, frame: Frame, stood = call.state): void => {
    const { request: { id, type }, onFrame } = call;
    deadlines.remove(call.deadline);
    call.leave?.();
    calls.delete(id);
    callsOf.add(type, -1);
    step(call, { on: "settled" });
    // Of a type that does not exist no request stood anywhere.
    const lost = frame.kind === "error" && frame.code !== "NO_HANDLER";
    onFrame(lost ? { where: whereOf(call, stood), ...frame } : frame);
  };

  const take = (call: Call, frame: Frame): void => {
    const stood = call.state;
    const { passes, gap, seen = 0 } = step(call, { on: "frame", frame, now: now() });
    if (call.state.at !== "queued") call.leave?.();
    if (gap && !askAgain(call)) abandon(call, broken(call.request.type), "a chunk was lost");
    if (!passes) return;
    const passed = withoutRun(withoutFirst(seen, frame));
    if (isTerminal(frame)) settle(call, passed, stood);
    else call.onFrame(passed);
  };

  const fail = (call: Call, error: RequestError): void =>
    settle(call, { kind: "error", id: call.request.id, ...errorBody(error) });

  const abandon = (call: Call, error: RequestError, reason: string): void => {
    if (call.state.at === "settled") return;
    if (call.isSent) tellWorker(call, { kind: "cancel", reason });
    fail(call, error);
  };

  /** Hands it to the bus. */
  const publish = (call: Call, attempt: number): void => {
    const { request, endsAt, credit } = call;
    const { type, idempotent = false } = request;
    const isAsAsked = credit === request.credit && attempt === request.attempt;
    const run = isAsAsked ? request : { ...request, credit, attempt };
    const underWay = callsOf.count(type);
    const together = togetherFor(concurrencyFor(type), { idempotent, underWay });
    call.isSent = true;
    void requester.publish(
      withTimeLeft(run, endsAt - now()),
      { together, workers: workersFor(type) },
    ).then(
      () => void (call.isHandedOver = true),
      (error) => onUnpublished(call, attempt, error),
    );
  };

  const onUnpublished = async (call: Call, attempt: number, cause: unknown): Promise<void> => {
    const isServed = isNoHandler(cause) && (workersFor(call.request.type) ?? 0) > 0;
    // Its queue is gone though it is served, and will soon be back.
    if (isServed) await delay(REPUBLISH_MS);
    if (!awaits(call, attempt)) return;
    if (isServed) return publish(call, attempt);
    const error = toRequestError(cause);
    // It may have been delivered all the same: nobody is to work on it.
    if (error.code === "BUS_UNAVAILABLE") abandon(call, error, "the bus did not confirm it");
    else fail(call, error);
  };

  /** Has it run once more, where it may: what held its frames is gone. Gives whether it does. */
  const askAgain = (call: Call): boolean => {
    const { state, request, isHandedOver } = call;
    // What the bus has not taken yet it takes once, as far as it can tell.
    if (state.at === "settled" || !request.idempotent || !isHandedOver) return false;
    const attempt = state.attempt + 1;
    if (attempt > MAX_ATTEMPTS) return false;
    step(call, { on: "asked again", now: now(), attempt });
    call.isHandedOver = false;
    publish(call, attempt);
    return true;
  };

  const grant = (call: Call, wanted: number): void => {
    const n = Math.min(wanted, MAX_CREDIT - call.unused);
    const { state } = call;
    if (state.at === "settled" || n <= 0) return;
    call.unused += n;
    if (!call.isSent) return void (call.credit += n);
    call.granted += n;
    // A run that has yet to begin gets it with all the rest.
    const awaitsRerun = state.at === "queued" && state.attempt > call.request.attempt;
    if (!awaitsRerun) tellWorker(call, { kind: "credit", total: call.granted });
  };

  const start: Caller["start"] = (request, onFrame, { from } = {}) => {
    const { id, type, timeoutMs, attempt } = request;
    const call = createCall(request, onFrame, now());
    const onDue = () => abandon(call, late(call, workersFor(type)), "its time was over");
    call.deadline = deadlines.add(timeoutMs, onDue);
    calls.set(id, call);
    callsOf.add(type, 1);
    const send = () => publish(call, attempt);
    if (from === undefined) send();
    else call.leave = turns.enter({ type, from }, send);
    return {
      cancel(reason) {
        abandon(call, new RequestError("CANCELLED", `Cancelled: ${reason}.`), reason);
      },
      grant: (n) => grant(call, n),
    };
  };

  return {
    get pending() {
      return calls.size;
    },
    start,
    held: turns.held,
    stop: ({ id, ...target }, reason) => requester.control({ kind: "cancel", id, reason }, target),
    async close() {
      for (const [, call] of calls.entries()) abandon(call, stops(), "its requester stops");
      await requester.close();
    },
  };
};
