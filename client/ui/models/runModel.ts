import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { MakeBackendRequest } from "../../makeBackendRequest.ts";
import { BackendError } from "../../../common/errors.ts";
import type { LogLevel } from "../../../common/schemas/frames.ts";
import { createOutputModel, type OutputModel } from "./outputModel.ts";
import { partsOf } from "./outputShape.ts";
import type { OutputView } from "./outputViews.ts";
import { createRecentItems, type Recent } from "./recentItems.ts";
import { isUnderWay, type RunError, type RunEvent, type RunState, transition } from "./runState.ts";

/** How many log lines are kept. */
const MAX_LOG_LINES = 1_000;
/** How long a request waits while no gateway has said how long it may take, in milliseconds. */
const UNTOLD_MS = 30_000;

/** What a handler said about how far it is, and how long after the start. */
export type Progress = { fraction?: number; message?: string; afterMs: number };
/** One line a handler logged, and how long after the start. */
export type LogLine = {
  level: LogLevel;
  message: string;
  fields?: Record<string, unknown>;
  afterMs: number;
};

/** The runs of one tab, one at a time, and what the newest gave. */
export type RunModel = {
  /** Which tab it is, counted from 1. */
  readonly number: number;
  readonly state: ReadonlySignal<RunState>;
  readonly progress: ReadonlySignal<Progress | undefined>;
  /** A new one for every run. */
  readonly output: ReadonlySignal<OutputModel>;
  /** Whether what it gave is the items of a list, even if there is but one. */
  readonly isList: ReadonlySignal<boolean>;
  /** In which way to show it, if somebody chose one. */
  readonly view: Signal<OutputView | undefined>;
  readonly logs: ReadonlySignal<Recent<LogLine>>;
  /** When its time is over, by the page's clock. */
  readonly deadline: ReadonlySignal<number>;
  /** Starts a run, unless one is under way. Resolves when it has its outcome; never rejects. */
  start(type: string, payload: unknown): Promise<void>;
  /** Starts the last one again, with the same input. */
  retry(): Promise<void>;
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
export const createRunModel = (options: RunModelOptions, number = 1): RunModel => {
  const { makeBackendRequest, schedule, now = () => performance.now() } = options;
  const state = signal<RunState>({ at: "idle" });
  const progress = signal<Progress | undefined>();
  const output = signal(createOutputModel({ schedule }));
  const isList = signal(false);
  const logs = createRecentItems<LogLine>({ limit: MAX_LOG_LINES, schedule });
  const deadline = signal(0);
  let startedAt = 0;
  let cancel = (): void => {};
  let last: { type: string; payload: unknown } | undefined;

  const apply = (event: RunEvent): void => {
    state.value = transition(state.value, event);
  };
  const afterMs = (): number => now() - startedAt;

  const consume = async (type: string, payload: unknown): Promise<RunEvent> => {
    const { push } = output.value;
    let isResult = false;
    const request = makeBackendRequest(type, payload, {
      onResponse(frame) {
        if (frame.kind === "started") apply({ on: "started", worker: frame.worker });
        else if (frame.kind === "chunk") apply({ on: "started" });
        else if (frame.kind === "accepted") deadline.value = now() + frame.timeoutMs;
        else if (frame.kind === "end") isResult = Object.hasOwn(frame, "data");
      },
      onProgress({ fraction, message }) {
        progress.value = { fraction, message, afterMs: afterMs() };
      },
      onLog({ level, message, fields }) {
        logs.push({ level, message, fields, afterMs: afterMs() });
      },
    });
    cancel = () => request.cancel("cancelled on the page");
    try {
      // Iterated, not awaited: an awaited request keeps every chunk it ever got.
      for await (const value of request) {
        if (isResult) {
          const parts = partsOf(value);
          isList.value = parts === value;
          parts.forEach(push);
        } else push(value);
      }
      return { on: "end", now: now() };
    } catch (error) {
      return { on: "error", now: now(), error: runError(error, request.id) };
    }
  };

  const start: RunModel["start"] = async (type, payload) => {
    if (isUnderWay(state.value)) return;
    last = { type, payload };
    startedAt = now();
    deadline.value = startedAt + UNTOLD_MS;
    progress.value = undefined;
    output.value = createOutputModel({ schedule });
    isList.value = false;
    logs.clear();
    apply({ on: "start", now: startedAt });
    const outcome = await consume(type, payload);
    output.value.flush();
    logs.flush();
    apply(outcome);
  };

  return {
    number,
    state,
    progress,
    output,
    isList,
    view: signal<OutputView>(),
    logs: logs.shown,
    deadline,
    start,
    retry: async () => last && await start(last.type, last.payload),
    cancel: () => cancel(),
  };
};

const runError = (error: unknown, requestId: string): RunError =>
  error instanceof BackendError
    ? error.toJSON()
    : { code: "PAGE_FAILED", message: String(error), retryable: false, requestId };
