import * as v from "valibot";
import type { Deadline, Deadlines } from "../common/createDeadlines.ts";
import { errorBody, RequestError, tooLarge } from "../common/errors.ts";
import { measure } from "../common/payload.ts";
import { createResponse } from "../common/request/createResponse.ts";
import type { CallOptions, Response } from "../common/request/types.ts";
import { Asked } from "../common/schemas/asked.ts";
import type { ErrorBody, Frame, Where } from "../common/schemas/frames.ts";
import { DEFAULT_CREDIT } from "../common/schemas/limits.ts";
import type { ConnectionState } from "./connectionState.ts";
import { type RequestState, transition } from "./requestState.ts";
import type { WebsocketClient } from "./websocketClient.ts";

/** How long a request may take while nobody has said, in milliseconds. */
const FALLBACK_TIMEOUT_MS = 30_000;
/** How much longer than the gateway a client waits before it settles a request by itself. */
const GRACE_MS = 900;

/** What a caller asks for. */
export type Call = { id: string; type: string; payload: unknown; options: CallOptions };

/** One request from its making to its outcome. */
export type Request = {
  readonly response: Response;
  state(): RequestState;
  /** All credit beyond the first that this run was granted, though some may not have arrived. */
  granted(): number;
  /**
   * Sends it over a connection that is ready, if it waits; and again, if it was lost with the last
   * one: as new where it never came to its gateway, else so that it runs only if it may run twice.
   */
  send(connection: ConnectionState & { at: "ready" }): void;
  push(frame: Frame): void;
  fail(body: ErrorBody): void;
};

/** Makes a request; `onSettled` is called once, when it has its outcome. */
export const createRequest = (
  { socket, deadlines, onSettled }: {
    socket: WebsocketClient;
    deadlines: Deadlines;
    onSettled(): void;
  },
  { id, type, payload, options }: Call,
): Request => {
  const startedAt = now();
  let state: RequestState = { at: "unsent", since: startedAt };
  let armed: Deadline | undefined;
  let granted = 0;
  /** When its time is over, once that is known. */
  let deadline = options.timeoutMs && startedAt + options.timeoutMs;
  /** When it is, unless its first gateway has said otherwise. */
  let expected: number | undefined;

  const { response, push, fail } = createResponse(id, {
    grant(n) {
      granted += n;
      socket.send({ kind: "credit", id, n });
    },
    cancel: (reason) => {
      if (state.at !== "unsent") {
        socket.send({ kind: "cancel", id, reason: reason.slice(0, 200) });
      }
    },
    onSettled: () => {
      deadlines.remove(armed);
      state = transition(state, { on: "settled" });
      onSettled();
    },
  }, options);

  const where = (): Where => {
    const elapsedMs = Math.round(now() - startedAt);
    if (state.at === "running") return { state: "running", worker: state.worker, elapsedMs };
    return { state: state.at === "unsent" ? "unsent" : "sent", elapsedMs };
  };

  const onDeadline = (): void => {
    const away = socket.state.at !== "ready" && socket.state.at !== "leaving";
    const why = away ? `there was no connection to ${socket.url}` : "the gateway did not answer";
    const message = `No answer to ${type} in time: ${why}.`;
    const code = away && state.at !== "unsent" ? "CONNECTION_LOST" : "TIMEOUT";
    fail({ code, message, retryable: true, where: where() });
  };

  const arm = (ms: number, at: number): void => {
    deadlines.remove(armed);
    armed = deadlines.add(ms, onDeadline, at);
  };

  const refuse = (error: RequestError): void => fail({ ...errorBody(error), where: where() });

  const checked = check({ type, payload, options });
  if (checked instanceof RequestError) refuse(checked);
  // Its signal may have been aborted before it was made; and over a connection it is sent at once.
  if (state.at === "unsent" && socket.state.at !== "ready") {
    arm(options.timeoutMs ?? FALLBACK_TIMEOUT_MS, startedAt);
  }

  return {
    response,
    // Methods: with getters, V8 makes a hidden class for each such object.
    state: () => state,
    granted: () => granted,
    send({ welcome, resumed }) {
      if (state.at === "settled" || checked instanceof RequestError) return;
      const before = state.at === "unsent" ? undefined : state.gateway;
      if (before !== undefined && !resumed?.lost.has(id)) return;
      const { gateway, timeoutMs: usual, maxPayloadBytes } = welcome;
      if (checked > maxPayloadBytes) return refuse(tooLarge(type, checked, maxPayloadBytes));
      const at = now();
      const again = before === undefined || resumed?.gateways.includes(before) ? undefined : true;
      const endsAt = deadline ?? (again && expected);
      const timeoutMs = endsAt && Math.max(1, Math.ceil(endsAt - at));
      expected ??= at + usual;
      socket.send({
        ...{ kind: "request", id, type, payload, timeoutMs, credit: DEFAULT_CREDIT, chunks: true },
        ...(again && { again }),
      }, checked);
      granted = 0;
      state = transition(state, { on: "sent", now: at, gateway });
      arm((timeoutMs ?? usual) + GRACE_MS, at);
    },
    push(frame) {
      if (frame.kind === "accepted") {
        const at = now();
        deadline = at + frame.timeoutMs;
        arm(frame.timeoutMs + GRACE_MS, at);
      }
      if (frame.kind === "started") {
        state = transition(state, { on: "started", now: now(), worker: frame.worker });
      }
      push(frame);
    },
    fail,
  };
};

const now = (): number => performance.now();

/** The size of the payload in bytes, or why the call cannot be made. */
const check = ({ type, payload, options }: Omit<Call, "id">): number | RequestError => {
  const { timeoutMs } = options;
  const parsed = v.safeParse(Asked, { type, timeoutMs });
  if (!parsed.success) {
    const { message, input } = parsed.issues[0];
    return new RequestError("INVALID_REQUEST", `${message} Got ${JSON.stringify(input)}.`);
  }
  const size = measure(payload);
  return size instanceof RequestError ? size : size.bytes;
};
