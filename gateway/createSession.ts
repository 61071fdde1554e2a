import * as v from "valibot";
import type { Caller, CallHandle } from "../common/bus/createCaller.ts";
import { errorBody, RequestError, tooLarge } from "../common/errors.ts";
import type { Logger } from "../common/logger.ts";
import { unpack } from "../common/packet.ts";
import { measure } from "../common/payload.ts";
import type { Principal } from "../common/schemas/busMessages.ts";
import { ClientMessage, type RequestMessage } from "../common/schemas/clientMessages.ts";
import { type Frame, isTerminal } from "../common/schemas/frames.ts";
import type { GatewayMessage } from "../common/schemas/gatewayMessages.ts";
import { DEFAULT_CREDIT, MAX_PACKET_MESSAGES } from "../common/schemas/limits.ts";
import { createClientLog } from "./createClientLog.ts";
import type { LiveCatalog } from "./createCatalog.ts";
import { explainNoHandler } from "./explainNoHandler.ts";

/** What a gateway lets one socket, and all of them, do. */
export type GatewayLimits = {
  requestTimeoutMs: number;
  maxPayloadBytes: number;
  maxPending: number;
  maxPendingTotal: number;
};

/** What a session works with; `send` is the way to its own socket and to no other. */
export type SessionDeps = {
  caller: Caller;
  catalog: LiveCatalog;
  limits: GatewayLimits;
  log: Logger;
  send(message: GatewayMessage): void;
};

/** One socket's side of the gateway. */
export type Session = {
  /** Takes one packet of the socket, whatever it holds. */
  onPacket(packet: unknown): void;
  /** The socket is gone: what it asked for is cancelled. */
  close(reason: string): void;
};

/** Makes a session, and says `welcome`. */
export const createSession = (
  { caller, catalog, limits, log: gatewayLog, send }: SessionDeps,
  { session, principal }: { session: string; principal?: Principal },
): Session => {
  const log = gatewayLog.child({ session });
  const clientLog = createClientLog({ log });
  const handles = new Map<string, CallHandle>();
  let unwatch: (() => void) | undefined;

  const refuse = (id: string, error: RequestError): void => {
    log.debug("refused", { requestId: id, code: error.code });
    send({ kind: "error", id, ...errorBody(error) });
  };

  const admit = (message: RequestMessage): RequestError | undefined => {
    const { id, type, payload } = message;
    if (handles.has(id)) {
      return new RequestError("CONFLICT", `A request with the id "${id}" is under way already.`);
    }
    if (handles.size >= limits.maxPending) return overloaded("socket", limits.maxPending);
    if (caller.pending >= limits.maxPendingTotal) {
      return overloaded("gateway", limits.maxPendingTotal);
    }
    const size = measure(payload);
    if (size instanceof RequestError) return size;
    if (size.bytes <= limits.maxPayloadBytes) return undefined;
    return tooLarge(`The payload of ${type}`, size.bytes, limits.maxPayloadBytes);
  };

  const onRequest = (message: RequestMessage): void => {
    const { id, type, payload, credit = DEFAULT_CREDIT, trace } = message;
    const refusal = admit(message);
    if (refusal) return refuse(id, refusal);
    const timeoutMs = message.timeoutMs ?? catalog.handler(type)?.timeoutMs ??
      limits.requestTimeoutMs;
    if (message.timeoutMs === undefined) send({ kind: "accepted", id, timeoutMs });
    log.debug("request", { requestId: id, type, timeoutMs, trace });
    const startedAt = performance.now();
    const onFrame = (frame: Frame): void => {
      if (isTerminal(frame)) {
        handles.delete(id);
        const ms = Math.round(performance.now() - startedAt);
        const code = frame.kind === "error" ? frame.code : "ok";
        log.debug("settled", { requestId: id, type, code, ms, trace });
      }
      send(explainNoHandler({ ...frame, id }, { type, catalog: catalog.current }));
    };
    const busId = `${session}:${id}`;
    handles.set(
      id,
      caller.start(
        { id: busId, type, payload, timeoutMs, credit, attempt: 1, principal, trace },
        onFrame,
      ),
    );
  };

  const onMessage = (message: ClientMessage): void => {
    switch (message.kind) {
      case "request":
        return onRequest(message);
      case "cancel":
        return handles.get(message.id)?.cancel(message.reason ?? "cancelled by the caller");
      case "credit":
        return handles.get(message.id)?.grant(message.n);
      case "log":
        return clientLog(message.entries);
      case "watch":
        send({ kind: "catalog", catalog: catalog.current });
        unwatch ??= catalog.subscribe((current) => send({ kind: "catalog", catalog: current }));
    }
  };

  send({
    kind: "welcome",
    session,
    timeoutMs: limits.requestTimeoutMs,
    maxPayloadBytes: limits.maxPayloadBytes,
  });

  return {
    onPacket(packet) {
      let unparsed = 0;
      for (const message of readPacket(packet, log)) {
        const parsed = v.safeParse(ClientMessage, message);
        if (parsed.success) onMessage(parsed.output);
        else if (unparsed++ === 0 || hasId(message)) answerUnparsed(message, parsed.issues);
      }
      if (unparsed > 0) log.warn("Messages of a client did not parse.", { unparsed });
    },
    close(reason) {
      unwatch?.();
      for (const handle of [...handles.values()]) handle.cancel(`the connection closed: ${reason}`);
    },
  };

  /** An error frame where an id can be read. */
  function answerUnparsed(message: unknown, issues: v.BaseIssue<unknown>[]): void {
    const [issue] = issues;
    const place = issue && v.getDotPath(issue);
    const text = `The message is not valid${place ? ` at ${place}` : ""}: ${issue?.message}`;
    const id = v.safeParse(v.object({ id: v.pipe(v.string(), v.maxLength(64)) }), message);
    log.debug("A client's message did not parse.", { issue: text });
    if (id.success) refuse(id.output.id, new RequestError("INVALID_REQUEST", text));
  }
};

const hasId = (message: unknown): boolean =>
  typeof message === "object" && message !== null && "id" in message;

const readPacket = (packet: unknown, log: Logger): unknown[] => {
  try {
    const messages = unpack(packet);
    if (messages.length <= MAX_PACKET_MESSAGES) return messages;
    throw new Error(`${messages.length} messages are more than ${MAX_PACKET_MESSAGES}`);
  } catch (error) {
    log.warn("A client's packet could not be read.", { reason: String(error) });
    return [];
  }
};

const overloaded = (who: string, most: number): RequestError =>
  new RequestError(
    "OVERLOADED",
    `This ${who} has ${most} requests under way; wait for some to end.`,
  );
