import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { MakeBackendRequest } from "../../makeBackendRequest.ts";
import { BackendError } from "../../../common/errors.ts";
import type { LogLevel } from "../../../common/schemas/frames.ts";
import { type OutputShape, outputShape, partsOf } from "./outputShape.ts";
import { createRecentItems, type Recent } from "./recentItems.ts";
import { isUnderWay, type RunError, type RunEvent, type RunState, transition } from "./runState.ts";

/** How many chunks and how many log lines are kept. */
const MAX_CHUNKS = 1_000;
const MAX_LOG_LINES = 200;

/** What a handler said about how far it is. */
export type Progress = { fraction?: number; message?: string };
/** One line a handler logged. */
export type LogLine = { level: LogLevel; message: string; fields?: Record<string, unknown> };

/** The runs of one handler, one at a time, and what the newest gave. */
export type RunModel = {
  readonly state: ReadonlySignal<RunState>;
  /** Counts the runs, so that what is shown of one is not taken for the next. */
  readonly run: ReadonlySignal<number>;
  readonly progress: ReadonlySignal<Progress | undefined>;
  readonly output: ReadonlySignal<Recent<unknown>>;
  readonly shape: ReadonlySignal<OutputShape>;
  readonly logs: ReadonlySignal<Recent<LogLine>>;
  /** Starts a run, unless one is under way. Resolves when it has its outcome; never rejects. */
  start(type: string, payload: unknown): Promise<void>;
  /** Cancels the run under way. */
  cancel(): void;
};

/** Where runs are sent to, and the clocks they are shown by. */
export type RunModelOptions = {
  makeBackendRequest: MakeBackendRequest;
  schedule(callback: () => void): void;
  now?(): number;
};

/** Makes a model with nothing run yet. */
export const createRunModel = (options: RunModelOptions): RunModel => {
  const { makeBackendRequest, schedule, now = () => performance.now() } = options;
  const state = signal<RunState>({ at: "idle" });
  const run = signal(0);
  const progress = signal<Progress | undefined>();
  const output = createRecentItems<unknown>({ limit: MAX_CHUNKS, schedule });
  const logs = createRecentItems<LogLine>({ limit: MAX_LOG_LINES, schedule });
  let cancel = (): void => {};

  const reset = (): void => {
    run.value++;
    progress.value = undefined;
    output.clear();
    logs.clear();
  };

  const apply = (event: RunEvent): void => {
    state.value = transition(state.value, event);
  };

  const consume = async (type: string, payload: unknown): Promise<RunEvent> => {
    let isResult = false;
    const request = makeBackendRequest(type, payload, {
      onResponse(frame) {
        if (frame.kind === "started") apply({ on: "started", worker: frame.worker });
        else if (frame.kind === "chunk") apply({ on: "started" });
        else if (frame.kind === "end") isResult = Object.hasOwn(frame, "data");
      },
      onProgress: (next) => progress.value = next,
      onLog: logs.push,
    });
    cancel = () => request.cancel("cancelled on the page");
    try {
      // Iterated, not awaited: an awaited request keeps every chunk it ever got.
      for await (const value of request) {
        for (const part of isResult ? partsOf(value) : [value]) output.push(part);
      }
      return { on: "end", now: now() };
    } catch (error) {
      return { on: "error", now: now(), error: runError(error, request.id) };
    }
  };

  return {
    state,
    run,
    progress,
    output: output.shown,
    shape: computed(() => outputShape(output.shown.value.items)),
    logs: logs.shown,
    async start(type, payload) {
      if (isUnderWay(state.value)) return;
      reset();
      apply({ on: "start", now: now() });
      const outcome = await consume(type, payload);
      output.flush();
      logs.flush();
      apply(outcome);
    },
    cancel: () => cancel(),
  };
};

const runError = (error: unknown, requestId: string): RunError =>
  error instanceof BackendError
    ? error.toJSON()
    : { code: "PAGE_FAILED", message: String(error), retryable: false, requestId };
