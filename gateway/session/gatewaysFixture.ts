/** What the tests of several gateways share. */
import { createLogger } from "../../common/logger.ts";
import type { Held } from "../../common/schemas/clientMessages.ts";
import type { GatewayMessage } from "../../common/schemas/gatewayMessages.ts";
import type { PeerMessage } from "../../common/schemas/peerMessages.ts";
import { createCatalog } from "../createCatalog.ts";
import { createConnection } from "./createConnection.ts";
import { createSessions } from "./createSessions.ts";
import { createFakeCaller, createPeerNet, unwatched } from "./sessionFixture.ts";

const limits = {
  requestTimeoutMs: 60_000,
  maxPayloadBytes: 1_000,
  maxPending: 10,
  maxPendingTotal: 10,
  resumeMs: 60_000,
};

/** Rises with every resumption of the whole file, and so of every client. */
let nth = 0;

type Identity = { session: string; token: string };

/** A gateway of a net, and clients that connect to it. */
const createGateway = async (net: ReturnType<typeof createPeerNet>, id: string) => {
  const { caller, calls } = createFakeCaller();
  const catalog = createCatalog();
  const log = createLogger({ write: () => {} });
  const sessions = await createSessions({ bus: net.createBus(id), caller, catalog, limits, log });

  const connect = () => {
    const said: GatewayMessage[] = [];
    const connection = createConnection({ sessions, limits, log, ...unwatched }, {
      send: (message) => void said.push(message),
      disconnect: () => client.cut(),
    });
    const [welcome] = said;
    if (welcome?.kind !== "welcome") throw new Error("It did not say welcome first.");
    const { session, token } = welcome;
    const say = (...messages: unknown[]) => connection.onPacket(messages);
    const client = {
      isConnected: true,
      identity: { session, token },
      say,
      ask: (id: string, payload?: unknown) =>
        say({ kind: "request", id, type: "a.b", timeoutMs: 50_000, payload }),
      resume: (identity: Identity, ...requests: Held[]) =>
        say({ kind: "resume", ...identity, nth: ++nth, requests }),
      cut() {
        if (client.isConnected) connection.close({ forGood: false });
        client.isConnected = false;
      },
      /** What came since the welcome, in short. */
      heard: () => said.slice(1).map((m) => "id" in m ? `${m.kind} ${m.id}` : m.kind),
      resumed: () => said.find((message) => message.kind === "resumed"),
    };
    return client;
  };
  const call = (n = 0) => {
    const one = calls[n]!;
    const { id } = one.request;
    return {
      ...one,
      chunk: (seq: number) => one.take({ kind: "chunk", id, seq }),
      end: (seq = 0) => one.take({ kind: "end", id, seq }),
    };
  };
  return { sessions, connect, calls, call, catalog };
};

/** Three gateways; what they say to each other may be held back. */
export const withGateways = async (
  test: (given: {
    gateways: [Gateway, Gateway, Gateway];
    /** Holds back what matches from now on; the function it gives lets it go. */
    hold(matches: (message: PeerMessage, to: string) => boolean): () => void;
  }) => Promise<void>,
) => {
  const held: [PeerMessage, string][] = [];
  let matches = (_message: PeerMessage, _to: string): boolean => false;
  const net = createPeerNet((message, { to }) => {
    if (matches(message, to)) held.push([message, to]);
    else net.arrive(message, to);
  });
  const gateways: [Gateway, Gateway, Gateway] = [
    await createGateway(net, "g1"),
    await createGateway(net, "g2"),
    await createGateway(net, "g3"),
  ];
  const hold = (next: typeof matches) => {
    matches = next;
    return () => {
      matches = () => false;
      for (const [message, to] of held.splice(0)) net.arrive(message, to);
    };
  };
  try {
    await test({ gateways, hold });
  } finally {
    for (const { sessions, catalog } of gateways) {
      catalog.close();
      await sessions.close();
    }
  }
};
type Gateway = Awaited<ReturnType<typeof createGateway>>;

/** How many sessions each has. */
export const sizes = (gateways: Gateway[]) =>
  gateways.map(({ sessions }) => [...sessions.all].length);
