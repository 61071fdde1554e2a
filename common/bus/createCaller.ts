import { errorBody, RequestError } from "../errors.ts";
import type { BusRequest } from "../schemas/busMessages.ts";
import { type Frame, isTerminal } from "../schemas/frames.ts";
import { type CallState, toWhere, transition } from "./callState.ts";
import type { Bus } from "./port.ts";

/** One request under way, from its caller's side. Everything is a no-op once it has settled. */
export type CallHandle = {
  /** Settles it with `CANCELLED` and tells whoever runs it. */
  cancel(reason: string): void;
  /** `n` more chunks may be sent. */
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

  const start: Caller["start"] = (request, onFrame) => {
    const { id, type } = request;

    const where = () => toWhere(call.state, { now: performance.now(), workers: workersFor(type) });

    const take = (frame: Frame): void => {
      if (frame.kind === "started") {
        const now = performance.now();
        call.state = transition(call.state, { on: "started", now, worker: frame.worker });
      }
      if (!isTerminal(frame)) return onFrame(frame);
      clearTimeout(timer);
      calls.delete(id);
      const stood = where();
      call.state = transition(call.state, { on: "settled" });
      onFrame(frame.kind === "error" ? { where: stood, ...frame } : frame);
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
      state: { at: "queued", since: performance.now() },
      abandon: () => abandon(new RequestError("BUS_UNAVAILABLE", STOPS), "its requester stops"),
    };
    const timer = setTimeout(
      () => abandon(late(call, workersFor(type)), "its time was over"),
      request.timeoutMs,
    );
    calls.set(id, call);
    requester.publish(request).catch((error) => fail(toRequestError(error)));

    return {
      cancel: (reason) => abandon(new RequestError("CANCELLED", `Cancelled: ${reason}.`), reason),
      grant: (n) => {
        if (call.state.at !== "settled") tellWorker(call, { kind: "credit", n });
      },
    };
  };

  return {
    get pending() {
      return calls.size;
    },
    start,
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
