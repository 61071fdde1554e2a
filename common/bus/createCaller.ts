import { errorBody, RequestError } from "../errors.ts";
import type { BusRequest } from "../schemas/busMessages.ts";
import { type Frame, isTerminal } from "../schemas/frames.ts";
import { MAX_CREDIT } from "../schemas/limits.ts";
import { type CallState, toWhere, transition } from "./callState.ts";
import type { Bus } from "./port.ts";

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
   * deadline the terminal frame is made here.
   */
  start(request: BusRequest, onFrame: (frame: Frame) => void): CallHandle;
  /** Cancels a request that another process made, wherever it runs, and leaves it unanswered. */
  stop(request: { id: string; type: string }, reason: string): void;
  close(): Promise<void>;
};

/** Options of `createCaller`. */
export type CallerOptions = {
  bus: Bus;
  /** How many workers serve a type, where this process knows. */
  workersFor?(type: string): number | undefined;
};

type Call = {
  request: BusRequest;
  /** Which run of the handler answers now. */
  attempt: number;
  /** Credit the caller has granted, and what of all its credit the worker has not used. */
  granted: number;
  unused: number;
  state: CallState;
  take(frame: Frame): void;
  /** Ends it because this process makes no more requests. */
  abandon(): void;
};

/** Makes a caller: the one place where deadlines are kept and outcomes are made unique. */
export const createCaller = async (
  { bus, workersFor = () => undefined }: CallerOptions,
): Promise<Caller> => {
  const calls = new Map<string, Call>();
  const requester = await bus.openRequester({
    onFrame: (frame) => calls.get(frame.id)?.take(frame),
  });

  const tellWorker = (
    call: Call,
    control: { kind: "cancel"; reason: string } | { kind: "credit"; n: number },
  ): void => {
    const { id, type } = call.request;
    const worker = call.state.at === "running" ? call.state.worker : undefined;
    requester.control({ ...control, id }, { type, worker });
  };

  const start: Caller["start"] = (asked, onFrame) => {
    const request = { ...asked, credit: Math.min(asked.credit, MAX_CREDIT) };
    const { id, type } = request;

    const where = () => toWhere(call.state, { now: performance.now(), workers: workersFor(type) });

    const onStarted = ({ worker, attempt = 1 }: Frame & { kind: "started" }): void => {
      call.state = transition(call.state, { on: "started", now: performance.now(), worker });
      if (attempt <= call.attempt) return;
      // A run after a lost worker repeats every chunk: it needs all credit there ever was.
      call.attempt = attempt;
      call.unused = call.request.credit + call.granted;
      if (call.granted > 0) tellWorker(call, { kind: "credit", n: call.granted });
    };

    const take = (frame: Frame): void => {
      if (frame.kind === "started") onStarted(frame);
      if (frame.kind === "chunk") call.unused -= frame.cost ?? 1;
      if (!isTerminal(frame)) return onFrame(frame);
      clearTimeout(timer);
      calls.delete(id);
      const stood = where();
      call.state = transition(call.state, { on: "settled" });
      // Of a type that does not exist no request stood anywhere.
      const lost = frame.kind === "error" && frame.code !== "NO_HANDLER";
      onFrame(lost ? { where: stood, ...frame } : frame);
    };

    const fail = (error: RequestError): void => {
      if (call.state.at !== "settled") take({ kind: "error", id, ...errorBody(error) });
    };

    const abandon = (error: RequestError, reason: string): void => {
      if (call.state.at === "settled") return;
      tellWorker(call, { kind: "cancel", reason });
      fail(error);
    };

    const call: Call = {
      request,
      take,
      attempt: request.attempt,
      granted: 0,
      unused: request.credit,
      state: { at: "queued", since: performance.now() },
      abandon: () => abandon(new RequestError("BUS_UNAVAILABLE", STOPS), "its requester stops"),
    };
    const timer = setTimeout(
      () => abandon(late(call, workersFor(type)), "its time was over"),
      request.timeoutMs,
    );
    calls.set(id, call);
    // It may have been delivered all the same: nobody is to work on it.
    requester.publish(request).catch((error) =>
      abandon(toRequestError(error), "the bus did not confirm it")
    );

    return {
      cancel: (reason) => abandon(new RequestError("CANCELLED", `Cancelled: ${reason}.`), reason),
      grant: (wanted) => {
        const n = Math.min(wanted, MAX_CREDIT - call.unused);
        if (call.state.at === "settled" || n <= 0) return;
        call.granted += n;
        call.unused += n;
        tellWorker(call, { kind: "credit", n });
      },
    };
  };

  return {
    get pending() {
      return calls.size;
    },
    start,
    stop: ({ id, type }, reason) => requester.control({ kind: "cancel", id, reason }, { type }),
    async close() {
      for (const { abandon } of [...calls.values()]) abandon();
      await requester.close();
    },
  };
};

const STOPS = "The process that made the request stops.";

const toRequestError = (error: unknown): RequestError =>
  error instanceof RequestError
    ? error
    : new RequestError("BUS_UNAVAILABLE", "The bus did not take the request.", { cause: error });

/** What a request ends with at its deadline. */
const late = ({ request: { type, timeoutMs }, state }: Call, workers?: number): RequestError => {
  if (state.at === "running") {
    return new RequestError(
      "TIMEOUT",
      `${type} was running on ${state.worker} for too long (${timeoutMs} ms).`,
    );
  }
  if (workers === 0) {
    return new RequestError(
      "NO_WORKER",
      `No worker that serves ${type} came within ${timeoutMs} ms.`,
    );
  }
  return new RequestError("TIMEOUT", `${type} did not begin or settle within ${timeoutMs} ms.`);
};
