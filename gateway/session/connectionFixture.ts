/** What the tests of a connection share: one gateway, in a test's hands. */
import { createLogger } from "../../common/logger.ts";
import { busNameOf } from "../../common/schemas/busMessages.ts";
import type { Announcement } from "../../common/schemas/catalog.ts";
import type { GatewayMessage } from "../../common/schemas/gatewayMessages.ts";
import { createCatalog } from "../createCatalog.ts";
import { createTopics } from "../createTopics.ts";
import { createInsight } from "../status/createInsight.ts";
import { createStatusFeed } from "../status/createStatusFeed.ts";
import { createConnection } from "./createConnection.ts";
import { createSessions } from "./createSessions.ts";
import { createFakeCaller, createPeerNet } from "./sessionFixture.ts";

/** A handler in the catalog, but for its type. */
export const entry = { streams: false, idempotent: false, concurrency: 1, input: {}, output: {} };
/** Of a worker with one handler. */
export const announcement: Announcement = {
  worker: "w1",
  plugins: [{ name: "a", handlers: [{ ...entry, type: "a.slow", timeoutMs: 90_000 }] }],
  broken: [],
};
/** Of the gateway. */
export const limits = {
  requestTimeoutMs: 30_000,
  maxPayloadBytes: 1_000,
  maxPending: 3,
  maxPendingTotal: 10,
  resumeMs: 60_000,
};

/** A gateway whose sockets and bus are in the test's hands. */
const createTest = async (pending: number) => {
  const lines: string[] = [];
  const { caller: fakeCaller, calls, stopped } = createFakeCaller({ pending });
  const catalog = createCatalog();
  const log = createLogger({ write: (line) => lines.push(line) });
  const bus = createPeerNet().createBus("g1");
  const { caller, meter, recent, refused } = createInsight({ caller: fakeCaller, log });
  const sessions = await createSessions({ bus, caller, catalog, limits, log });
  const status = createStatusFeed({
    ...{ catalog, meter, held: caller.held },
    bus: { queueDepths: () => Promise.resolve(new Map()) },
    now: () => ({ gateway: "g1", peers: 0, clients: 0, inFlight: 0 }),
  });
  const topics = createTopics({ gateway: "g1", catalog, status, recent, level: "info" });

  /** One more client, and what it was told. */
  const connect = (principal = { id: "token" }) => {
    const said: GatewayMessage[] = [];
    let disconnects = 0;
    const deps = { sessions, topics, limits, log, onRefused: refused };
    const connection = createConnection(deps, {
      principal,
      send: (message) => void said.push(message),
      disconnect: () => void disconnects++,
    });
    const [welcome] = said;
    if (welcome?.kind !== "welcome") throw new Error("It did not say welcome first.");
    const ask = (id: string, more: object = {}) =>
      connection.onPacket([{ kind: "request", id, type: "a.fast", ...more }]);
    const errors = () => said.flatMap((m) => m.kind === "error" ? [[m.id, m.code]] : []);
    const busId = (id: string) => `${busNameOf(welcome.session)}:${id}`;
    const heard = () => said.slice(1).map((m) => "id" in m ? `${m.kind} ${m.id}` : m.kind);
    return {
      ...{ ...connection, said, welcome, ask, errors, busId, heard },
      get disconnects() {
        return disconnects;
      },
    };
  };
  const close = async () => {
    for (const part of [catalog, status, recent]) part.close();
    await sessions.close();
  };
  return { connect, sessions, calls, stopped, catalog, log, lines, close };
};

/** Runs a test with a gateway, and closes that. */
export const withGateway = async (
  test: (given: Awaited<ReturnType<typeof createTest>>) => void | Promise<void>,
  { pending = 0 } = {},
): Promise<void> => {
  const given = await createTest(pending);
  try {
    await test(given);
  } finally {
    await given.close();
  }
};
