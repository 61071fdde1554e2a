import { setTimeout as delay } from "node:timers/promises";
import { createDeadlines } from "../createDeadlines.ts";
import { createTransientMap } from "../createTransientMap.ts";
import { errorBody, RequestError } from "../errors.ts";
import type { BusRequest, Control } from "../schemas/busMessages.ts";
import { type Frame, isTerminal, withoutFirst, withoutRun } from "../schemas/frames.ts";
import { MAX_CREDIT } from "../schemas/limits.ts";
import { broken, isNoHandler, late, stops, toRequestError } from "./callErrors.ts";
import { type CallEvent, type CallState, queuedCall, toWhere, transition } from "./callState.ts";
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

type OnFrame = (frame: Frame) => void;

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

type Call = {
  request: BusRequest;
  /** Credit the caller has granted, and what of all its credit the worker has not used. */
  granted: number;
  unused: number;
  state: CallState;
  /** The bus has taken responsibility for its newest run. */
  isHandedOver: boolean;
  take(frame: Frame): void;
  /** What held its frames is gone: asks again, where the handler may run again. */
  askAgain(): boolean;
  /** Ends it because this process makes no more requests. */
  abandon(): void;
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
    onFrame: (frame) => calls.get(frame.id)?.take(frame),
    onFramesLost() {
      for (const [, { askAgain }] of calls.entries()) askAgain();
    },
  });

  const tellWorker = (
    call: Call,
    control: { kind: "cancel"; reason: string } | { kind: "credit"; total: number },
  ): void => {
    const { id, type, timeoutMs } = call.request;
    const worker = call.state.at === "running" ? call.state.worker : undefined;
    requester.control({ ...control, id }, { type, worker, timeoutMs });
  };

  const start: Caller["start"] = (asked, onFrame, { from } = {}) => {
    const request = { ...asked, credit: Math.min(asked.credit, MAX_CREDIT) };
    const { id, type, timeoutMs, idempotent = false } = request;
    const startedAt = now();
    const endsAt = startedAt + timeoutMs;

    const where = (state = call.state) => toWhere(state, { now: now(), workers: workersFor(type) });

    /** Takes the next step; `passes`: the frame of the event is for the caller. */
    const step = (event: CallEvent): { passes: boolean; gap: boolean; seen: number } => {
      const next = transition(call.state, event);
      const { passes = false, gap = false, seen = 0, cost = 0, begins = false, stale } = next;
      call.state = next.state;
      if (stale) {
        const { worker, attempt } = stale;
        const cancel: Control = { kind: "cancel", id, reason: "a later run replaced it", attempt };
        requester.control(cancel, { type, worker, timeoutMs });
      }
      // It repeats every chunk, and was started with the credit that the first run began with.
      if (begins) call.unused = request.credit + call.granted;
      if (begins && call.granted > 0) tellWorker(call, { kind: "credit", total: call.granted });
      call.unused -= cost;
      return { passes, gap, seen };
    };

    const settle = (frame: Frame, stood = call.state): void => {
      deadlines.remove(deadline);
      leave();
      calls.delete(id);
      callsOf.add(type, -1);
      step({ on: "settled" });
      // Of a type that does not exist no request stood anywhere.
      const lost = frame.kind === "error" && frame.code !== "NO_HANDLER";
      onFrame(lost ? { where: where(stood), ...frame } : frame);
    };

    const take = (frame: Frame): void => {
      const stood = call.state;
      const { passes, gap, seen } = step({ on: "frame", frame, now: now() });
      if (call.state.at !== "queued") leave();
      if (gap && !askAgain()) abandon(broken(type), "a chunk was lost");
      if (!passes) return;
      const passed = withoutRun(withoutFirst(seen, frame));
      if (isTerminal(frame)) settle(passed, stood);
      else onFrame(passed);
    };

    const abandon = (error: RequestError, reason: string): void => {
      if (call.state.at === "settled") return;
      if (isSent) tellWorker(call, { kind: "cancel", reason });
      settle({ kind: "error", id, ...errorBody(error) });
    };

    const remainingMs = (): number => Math.max(1, Math.ceil(endsAt - now()));

    const togetherNow = (): number =>
      togetherFor(concurrencyFor(type), { idempotent, underWay: callsOf.count(type) });

    /** Whether what came of handing this run over still matters. */
    const awaits = (attempt: number): boolean =>
      call.state.at !== "settled" && call.state.attempt === attempt;

    /** Hands it to the bus; where its queue is gone though it is served, until it is back. */
    const publish = async (attempt: number): Promise<void> => {
      for (; awaits(attempt); await delay(REPUBLISH_MS)) {
        try {
          const run = { ...request, attempt, timeoutMs: remainingMs() };
          await requester.publish(run, { together: togetherNow(), workers: workersFor(type) });
          call.isHandedOver = true;
          return;
        } catch (error) {
          const isServed = isNoHandler(error) && (workersFor(type) ?? 0) > 0;
          if (isServed) continue;
          if (awaits(attempt)) onUnpublished(toRequestError(error));
          return;
        }
      }
    };

    const onUnpublished = (error: RequestError): void => {
      // It may have been delivered all the same: nobody is to work on it.
      if (error.code === "BUS_UNAVAILABLE") return abandon(error, "the bus did not confirm it");
      settle({ kind: "error", id, ...errorBody(error) });
    };

    /** Has it run once more, where it may; gives whether it does. */
    const askAgain = (): boolean => {
      // What the bus has not taken yet it takes once, as far as it can tell.
      if (call.state.at === "settled" || !request.idempotent || !call.isHandedOver) return false;
      const attempt = call.state.attempt + 1;
      if (attempt > MAX_ATTEMPTS) return false;
      step({ on: "asked again", now: now(), attempt });
      call.isHandedOver = false;
      void publish(attempt);
      return true;
    };

    const call: Call = {
      ...{ request, take, askAgain },
      ...{ isHandedOver: false, granted: 0, unused: request.credit },
      state: queuedCall({ now: startedAt, attempt: request.attempt }),
      abandon: () => abandon(stops(), "its requester stops"),
    };
    const onDue = () => abandon(late(call, workersFor(type)), "its time was over");
    const deadline = deadlines.add(timeoutMs, onDue);
    calls.set(id, call);
    callsOf.add(type, 1);
    let isSent = false;
    const send = (): void => {
      isSent = true;
      void publish(request.attempt);
    };
    let leave = () => {};
    if (from === undefined) send();
    else leave = turns.enter({ type, from }, send);

    return {
      cancel: (reason) => abandon(new RequestError("CANCELLED", `Cancelled: ${reason}.`), reason),
      grant: (wanted) => {
        const n = Math.min(wanted, MAX_CREDIT - call.unused);
        const { state } = call;
        if (state.at === "settled" || n <= 0) return;
        call.unused += n;
        if (!isSent) return void (request.credit += n);
        call.granted += n;
        // A run that has yet to begin gets it with all the rest.
        const awaitsRerun = state.at === "queued" && state.attempt > request.attempt;
        if (!awaitsRerun) tellWorker(call, { kind: "credit", total: call.granted });
      },
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
      for (const [, { abandon }] of calls.entries()) abandon();
      await requester.close();
    },
  };
};
