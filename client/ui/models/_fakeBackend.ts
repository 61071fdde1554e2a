import type { CallOptions } from "../../../common/request/types.ts";
import { createResponse } from "../../../common/request/createResponse.ts";
import type { FrameBody } from "../../../common/schemas/frames.ts";
import type { GatewayMessage } from "../../../common/schemas/gatewayMessages.ts";
import type { ConnectionState } from "../../connectionState.ts";
import type { MakeBackendRequest } from "../../makeBackendRequest.ts";
import type { SocketListener, WebsocketClient } from "../../websocketClient.ts";

/** For tests: a connection over which requests go out. */
export const READY = {
  at: "ready",
  welcome: {
    session: "s",
    gateway: "g1",
    timeoutMs: 1,
    maxPayloadBytes: 1,
    resumeMs: 1,
    task: "x",
  },
} as const;

/** For tests: a backend that says what it is told to, over a connection that is where it is put. */
export const createFakeBackend = () => {
  const calls: { type: string; payload: unknown; push(body: FrameBody): void }[] = [];
  const cancelled: string[] = [];
  const listeners = new Set<SocketListener>();
  const sent: unknown[] = [];
  let state: ConnectionState = { at: "idle" };

  const makeBackendRequest: MakeBackendRequest = (
    type,
    payload?: unknown,
    options?: CallOptions,
  ) => {
    const id = `r${calls.length + 1}`;
    const source = { grant() {}, cancel: () => void cancelled.push(id), onSettled() {} };
    const { response, push } = createResponse(id, source, options);
    calls.push({ type, payload, push: (body) => push({ ...body, id }) });
    return response;
  };

  const socket: WebsocketClient = {
    url: "http://fake",
    get state() {
      return state;
    },
    connect() {},
    send: (message) => sent.push(message) > 0,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {},
  };

  return {
    makeBackendRequest,
    socket,
    /** Requests made, and how to answer them. */
    calls,
    /** Ids of requests the page cancelled. */
    cancelled,
    sent,
    listeners,
    say(message: GatewayMessage): void {
      for (const listener of listeners) listener.onMessage?.(message);
    },
    moveTo(next: ConnectionState): void {
      state = next;
      for (const listener of listeners) listener.onState?.(next);
    },
  };
};
