import * as v from "valibot";
import { passOn } from "../../common/codec.ts";
import { errorBody, RequestError } from "../../common/errors.ts";
import type { Logger } from "../../common/logger.ts";
import { unpack } from "../../common/packet.ts";
import type { Principal } from "../../common/schemas/busMessages.ts";
import {
  ClientMessage,
  type Held,
  type RequestControl,
  type RequestMessage,
  type Topic,
} from "../../common/schemas/clientMessages.ts";
import type { GatewayMessage } from "../../common/schemas/gatewayMessages.ts";
import { MAX_PACKET_MESSAGES } from "../../common/schemas/limits.ts";
import { TASK } from "../../common/task.ts";
import { createClientLog } from "../createClientLog.ts";
import type { Topics } from "../createTopics.ts";
import type { GatewayLimits } from "./createAdmission.ts";
import { createReceipts, type Receipts } from "./createReceipts.ts";
import type { Outlet, Session } from "./createSession.ts";
import type { Sessions } from "./createSessions.ts";

/** What a connection works with. */
export type ConnectionDeps = {
  sessions: Sessions;
  topics: Topics;
  limits: GatewayLimits;
  log: Logger;
  /** A request was not started, for this reason. */
  onRefused(request: RequestMessage, code: string): void;
};

/** A client that may connect: who it is, and the way to its own socket and to no other. */
export type Client = {
  principal?: Principal;
  send(message: GatewayMessage): void;
  disconnect(): void;
};

/** One socket's side of the gateway. */
export type Connection = {
  /** Takes one packet of the socket, whatever it holds. */
  onPacket(packet: unknown): void;
  /** The gateway stops: the client is told to send new requests elsewhere. */
  leave(): void;
  /** The socket is gone; with `forGood` its client said that it will not be back. */
  close(options: { forGood: boolean }): void;
};

/** Makes the connection of a client that may connect, and says `welcome`. */
export const createConnection = (
  { sessions, topics, limits, log: gatewayLog, onRefused }: ConnectionDeps,
  { principal, send, disconnect }: Client,
): Connection => {
  let receipts: Receipts | undefined;
  let isClosed = false;
  /** Until it has said anything of requests: what is resumed later would end what is under way. */
  let mayResume = true;
  /** What ends each topic that is watched. */
  let watched: Map<Topic, () => void> | undefined;

  const outlet: Outlet = {
    push({ index, frame }) {
      // What has been on its way for too long is not kept for another connection.
      const old = (receipts ??= createReceipts()).add(frame.id, index);
      if (old) session.control([{ kind: "received", ...old }]);
      send(frame);
    },
    lose: (ids) => send({ kind: "resumed", gateways: [], lost: ids }),
    drop(reason) {
      log().debug("dropped", { reason });
      disconnect();
    },
  };

  const opened = sessions.open(principal);
  let session: Session = opened.session;
  // Made when something is written: few connections ever have anything to say.
  const log = (): Logger => gatewayLog.child({ session: session.id });
  let clientLog: ReturnType<typeof createClientLog> | undefined;

  const refuse = (id: string, error: RequestError): void => {
    log().debug("refused", { requestId: id, code: error.code });
    outlet.push({ index: 0, frame: { kind: "error", id, ...errorBody(error) } });
  };

  const onResume = async (message: ClientMessage & { kind: "resume" }): Promise<void> => {
    const { session: resumed, gateways, lost } = await sessions.resume(message, {
      principal,
      outlet,
      onSession(found) {
        log().debug("resumed", { resumed: found.id });
        if (session !== found) session.close();
        session = found;
      },
    });
    // Meanwhile it may have been closed, or resumed elsewhere.
    if (!isClosed && (resumed ?? session) === session) send({ kind: "resumed", gateways, lost });
  };

  const onControl = (message: RequestControl): void => {
    if (message.kind !== "received") return session.control([message]);
    const held: Held[] = receipts?.take(message) ?? [];
    session.control(held.map((one) => ({ kind: "received", ...one })));
  };

  const unwatch = (topic: Topic): void => {
    watched?.get(topic)?.();
    watched?.delete(topic);
  };

  const watch = (topic: Topic): void => {
    unwatch(topic);
    (watched ??= new Map()).set(topic, topics[topic]({ session: session.id, send }));
  };

  const onMessage = (message: ClientMessage): void => {
    switch (message.kind) {
      case "log":
        clientLog ??= createClientLog({ log: log() });
        return clientLog(message.entries);
      case "watch":
        return watch(message.topic ?? "catalog");
      case "unwatch":
        return unwatch(message.topic);
    }
    // It was on its way when its client went elsewhere, and has said there what of it still holds.
    if (!session.isOn(outlet)) return;
    const isFirst = mayResume;
    mayResume = false;
    switch (message.kind) {
      case "request": {
        const refusal = session.request(message);
        if (!refusal) return;
        onRefused(message, refusal.code);
        return refuse(message.id, refusal);
      }
      case "resume":
        if (!isFirst) return log().warn("A client resumed a session too late.");
        onResume(message).catch((error) => log().error("A session was not resumed.", { error }));
        return;
      default:
        return onControl(message);
    }
  };

  /** An error frame where an id can be read. */
  const answerUnparsed = (message: unknown, issues: v.BaseIssue<unknown>[]): void => {
    const [issue] = issues;
    const place = issue && v.getDotPath(issue);
    const text = `The message is not valid${place ? ` at ${place}` : ""}: ${issue?.message}`;
    const id = v.safeParse(v.object({ id: v.pipe(v.string(), v.maxLength(64)) }), message);
    log().debug("A client's message did not parse.", { issue: text });
    if (id.success) refuse(id.output.id, new RequestError("INVALID_REQUEST", text));
  };

  session.attach({ nth: 0, to: outlet });
  send({
    kind: "welcome",
    session: session.id,
    token: opened.token,
    gateway: sessions.gateway,
    timeoutMs: limits.requestTimeoutMs,
    maxPayloadBytes: limits.maxPayloadBytes,
    resumeMs: limits.resumeMs,
    task: TASK,
  });

  const connection: Connection = {
    onPacket(packet) {
      let unparsed = 0;
      for (const message of readPacket(packet, log)) {
        const parsed = v.safeParse(ClientMessage, message);
        if (parsed.success) onMessage(parsed.output);
        else if (unparsed++ === 0 || hasId(message)) answerUnparsed(message, parsed.issues);
      }
      if (unparsed > 0) log().warn("Messages of a client did not parse.", { unparsed });
    },
    leave: () => send({ kind: "goodbye" }),
    close(options) {
      isClosed = true;
      for (const topic of [...watched?.keys() ?? []]) unwatch(topic);
      sessions.forget(connection);
      session.detach(outlet, options);
    },
  };
  sessions.add(connection);
  return connection;
};

const hasId = (message: unknown): boolean =>
  typeof message === "object" && message !== null && "id" in message;

const readPacket = (packet: unknown, log: () => Logger): unknown[] => {
  try {
    const messages = unpack(packet, passOn);
    if (messages.length <= MAX_PACKET_MESSAGES) return messages;
    throw new Error(`${messages.length} messages are more than ${MAX_PACKET_MESSAGES}`);
  } catch (error) {
    log().warn("A client's packet could not be read.", { reason: String(error) });
    return [];
  }
};
