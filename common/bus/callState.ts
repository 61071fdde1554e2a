import { type Frame, isTerminal, type Where } from "../schemas/frames.ts";

/**
 * How far a request has come, whatever run of its handler did it. A run after a loss has a higher
 * attempt, and repeats the chunks of the one before.
 */
type Progress = {
  /** The newest run that is known; no frame of an older one is taken. */
  attempt: number;
  /** How many chunks of that run came. */
  came: number;
  /** How many chunks were passed on, of any run. */
  passed: number;
};

/** Where a request on the bus stands, as its requester knows it. Times in ms of its own clock. */
export type CallState =
  /** The newest run has not shown itself. */
  | { at: "queued"; since: number } & Progress
  /** `worker` is unknown until the run says where it is. */
  | { at: "running"; since: number; worker?: string } & Progress
  | { at: "settled" };

/** What can happen to it. */
export type CallEvent =
  | { on: "frame"; now: number; frame: Frame }
  /** It was handed to the bus once more, as this attempt. */
  | { on: "asked again"; now: number; attempt: number }
  | { on: "settled" };

/** The next state, and what is to be done about it. */
export type CallStep = {
  state: CallState;
  /** The frame is for the caller. */
  passes?: boolean;
  /** How many of its chunks were passed on before, of another run. */
  seen?: number;
  /** The credit that its run spent on it. */
  cost?: number;
  /** A run that repeats another has begun: it needs all the credit there ever was. */
  begins?: boolean;
  /** A chunk before this frame was lost on its way: the run cannot be gone on with. */
  gap?: boolean;
  /** A run that nobody waits for any more. */
  stale?: { worker: string; attempt: number };
};

/** A request that was just handed to the bus. */
export const queuedCall = ({ now, attempt }: { now: number; attempt: number }): CallState => ({
  at: "queued",
  since: now,
  attempt,
  came: 0,
  passed: 0,
});

/** The next step; what comes too late, twice, or of a run that was replaced changes nothing. */
export const transition = (state: CallState, event: CallEvent): CallStep => {
  if (state.at === "settled") return { state };
  switch (event.on) {
    case "settled":
      return { state: { at: "settled" } };
    case "asked again": {
      const { now, attempt } = event;
      if (attempt <= state.attempt) return { state };
      const again = { ...queuedCall({ now, attempt }), passed: state.passed };
      return { state: again, stale: runOf(state) };
    }
    case "frame":
      return onFrame(state, event);
  }
};

type Open = Exclude<CallState, { at: "settled" }>;

const onFrame = (state: Open, { frame, now }: CallEvent & { on: "frame" }): CallStep => {
  const attempt = attemptOf(frame);
  if (attempt < state.attempt) {
    // Its request was on its way all the while, and has just begun for nothing.
    const stale = frame.kind === "started" ? { worker: frame.worker, attempt } : undefined;
    return { state, stale };
  }
  const isNewer = attempt > state.attempt;
  const begins = attempt > 1 && (isNewer || state.at === "queued");
  const worker = frame.kind === "started" ? frame.worker : undefined;
  const replaced = isNewer ? runOf(state) : undefined;
  const stale = replaced?.worker === worker ? undefined : replaced;
  const { passed } = state;
  const run: Open = isNewer || state.at === "queued"
    ? { at: "running", since: now, worker, attempt, came: isNewer ? 0 : state.came, passed }
    : worker === undefined || worker === state.worker
    ? state
    : { ...state, since: now, worker };
  const isGap = "seq" in frame && frame.seq > run.came;
  if (isGap) return { state: run, gap: true, begins, stale };
  if (isTerminal(frame)) return { state: { at: "settled" }, passes: true, stale };
  if (frame.kind !== "chunk" && frame.kind !== "chunks") {
    return { state: run, passes: true, begins, stale };
  }
  const count = frame.kind === "chunk" ? 1 : frame.data.length;
  const came = frame.seq + count;
  if (came <= run.came) return { state: run, begins, stale }; // sent twice
  const next = { ...run, came, passed: Math.max(passed, came) };
  const cost = frame.kind === "chunk" ? frame.cost ?? 1 : count;
  const seen = Math.min(Math.max(0, passed - frame.seq), count);
  return { state: next, passes: seen < count, seen, cost, begins, stale };
};

const attemptOf = (frame: Frame): number =>
  "attempt" in frame && frame.attempt !== undefined ? frame.attempt : 1;

const runOf = (state: Open): { worker: string; attempt: number } | undefined =>
  state.at === "running" && state.worker !== undefined
    ? { worker: state.worker, attempt: state.attempt }
    : undefined;

/** The state as a failure tells it; `workers` is how many serve the type now. */
export const toWhere = (
  state: CallState,
  { now, workers }: { now: number; workers?: number },
): Where => {
  if (state.at === "settled") return { state: "sent" };
  const elapsedMs = Math.round(now - state.since);
  if (state.at === "queued") return { state: "queued", workers, elapsedMs };
  return { state: "running", worker: state.worker, elapsedMs };
};
