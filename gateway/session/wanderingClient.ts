/** For the property of sessions: a client that is cut and wanders, as far as gateways can tell. */
import assert from "node:assert/strict";
import { busNameOf } from "../../common/schemas/busMessages.ts";
import type { Frame } from "../../common/schemas/frames.ts";
import type { GatewayMessage } from "../../common/schemas/gatewayMessages.ts";
import { isTerminal } from "../../common/schemas/frames.ts";
import type { Connection } from "./createConnection.ts";

/** Opens a connection to a gateway; what comes goes to `send`. */
export type Connect = (way: {
  send(message: GatewayMessage): void;
  disconnect(): void;
}) => Connection;

/** One request, as its caller sees it. */
export type Asked = {
  id: string;
  /** The gateway it was sent to last. */
  gateway: string;
  /** How many chunks have come. */
  chunks: number;
  granted: number;
  /** `ok`, the code of an error, or absent. */
  outcome?: string;
};

/** A connection with what is on its way in both directions. */
type Line = {
  connection: Connection;
  up: unknown[];
  down: GatewayMessage[];
  gateway: string;
  isReady: boolean;
  /** Its gateway has let go of it; what was said may still arrive until the client sees that. */
  isDropped: boolean;
};

/** Makes a client that has not connected yet. It checks every frame against what came before. */
export const createWanderingClient = () => {
  const asked = new Map<string, Asked>();
  const counts = new Map<string, number>();
  /** Connections that are broken, which their gateways do not know yet. */
  const stranded: Line[] = [];
  let line: Line | undefined;
  let identity: { session: string; token: string } | undefined;
  let last: { id: string; seq: number } | undefined;
  let nth = 0;

  const say = (message: unknown): void => void line?.up.push(message);
  const underWay = () => [...asked.values()].filter(({ outcome }) => outcome === undefined);

  const send = (request: Asked, { gateway }: Line): void => {
    request.gateway = gateway;
    request.granted = 0;
    say({ kind: "request", id: request.id, type: "a.b", timeoutMs: 50_000 });
  };

  const onFrame = (frame: Frame): void => {
    const seq = (counts.get(frame.id) ?? 0) + 1;
    if (isTerminal(frame)) counts.delete(frame.id);
    else counts.set(frame.id, seq);
    last = { id: frame.id, seq };
    const request = asked.get(frame.id);
    assert.ok(request, `a frame of ${frame.id}, which it never asked for`);
    if (request.outcome === "CANCELLED") return;
    assert.equal(request.outcome, undefined, `a frame of ${frame.id} after its outcome`);
    if (frame.kind === "chunk") {
      assert.deepEqual([frame.seq, frame.data], [
        request.chunks,
        busNameOf(identity?.session ?? ""),
      ]);
      request.chunks++;
    }
    if (frame.kind === "end") assert.equal(frame.seq, request.chunks);
    if (frame.kind === "end") request.outcome = "ok";
    if (frame.kind === "error") request.outcome = frame.code;
  };

  const onResumed = ({ gateways, lost }: GatewayMessage & { kind: "resumed" }, on: Line): void => {
    on.isReady = true;
    for (const id of lost) {
      counts.delete(id);
      const request = asked.get(id);
      if (!request || request.outcome !== undefined) continue;
      assert.equal(request.chunks, 0, `${id} is lost though ${request.chunks} chunks came`);
      if (gateways.includes(request.gateway)) send(request, on);
      else request.outcome = "CONNECTION_LOST";
    }
  };

  const onMessage = (message: GatewayMessage, on: Line): void => {
    if ("id" in message) return onFrame(message);
    if (message.kind === "resumed") return onResumed(message, on);
    if (message.kind !== "welcome") return;
    on.gateway = message.gateway;
    if (identity) {
      const requests = underWay().map(({ id, granted: credit }) => ({
        ...{ id, credit },
        seq: counts.get(id) ?? 0,
      }));
      counts.clear();
      last = undefined;
      for (const { id, seq } of requests) counts.set(id, seq);
      say({ kind: "resume", ...identity, nth: ++nth, requests });
    } else {
      identity = { session: message.session, token: message.token };
      on.isReady = true;
    }
  };

  const client = {
    asked,
    get session() {
      return identity?.session;
    },
    /** Connects, and hears at once that it is welcome. */
    connect(to: Connect): void {
      client.cut();
      const whole: Omit<Line, "connection"> = {
        ...{ up: [], down: [], gateway: "" },
        ...{ isReady: false, isDropped: false },
      };
      const connection = to({
        send: (message) => void whole.down.push(message),
        disconnect: () => void (whole.isDropped = true),
      });
      line = Object.assign(whole, { connection });
      client.hear(1);
    },
    /** So many messages arrive here; after the last ones it sees that it was disconnected. */
    hear(count: number): void {
      const on = line;
      for (const message of on?.down.splice(0, count) ?? []) if (on) onMessage(message, on);
      if (on?.isDropped && on.down.length === 0) client.cut();
    },
    /** So many messages arrive at the gateway. */
    reach(count: number): void {
      const said = line?.up.splice(0, count) ?? [];
      if (said.length > 0) line?.connection.onPacket(said);
    },
    /** The connection breaks; what is on its way to the client is lost, what it said may not be. */
    cut(): void {
      if (line) stranded.push(line);
      line = undefined;
    },
    /** So many messages of a broken connection arrive after all; then its gateway sees the break. */
    strand(count: number): void {
      const old = stranded.shift();
      const said = old?.up.splice(0, count) ?? [];
      if (said.length > 0) old?.connection.onPacket(said);
      old?.connection.close({ forGood: false });
    },
    ask(id: string): void {
      if (!line?.isReady || asked.has(id)) return;
      const request: Asked = { id, gateway: "", chunks: 0, granted: 0 };
      asked.set(id, request);
      send(request, line);
    },
    receive(): void {
      if (last) say({ kind: "received", ...last });
    },
    /** Grants credit; it counts as granted though there is nobody to tell. */
    grant(n: number): void {
      const request = underWay()[n % 3];
      if (!request) return;
      request.granted += 2;
      if (line?.gateway) say({ kind: "credit", id: request.id, n: 2 });
    },
    cancel(n: number): void {
      const request = underWay()[n % 3];
      if (!request) return;
      request.outcome = "CANCELLED";
      if (line?.gateway) say({ kind: "cancel", id: request.id });
    },
    /**
     * Everything on its way arrives, in both directions, that over broken connections last; gives
     * whether there was anything.
     */
    settle(): boolean {
      const moved = (line?.up.length ?? 0) + (line?.down.length ?? 0) > 0;
      client.reach(Infinity);
      client.hear(Infinity);
      if (moved || !client.isReady || stranded.length === 0) return moved;
      while (stranded.length > 0) client.strand(Infinity);
      return true;
    },
    get isReady() {
      return line?.isReady === true && !line.isDropped;
    },
    leave(): void {
      line?.connection.close({ forGood: true });
      line = undefined;
    },
  };
  return client;
};
