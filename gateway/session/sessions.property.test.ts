import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import fc from "fast-check";
import { createLogger } from "../../common/logger.ts";
import { busNameOf } from "../../common/schemas/busMessages.ts";
import type { PeerMessage } from "../../common/schemas/peerMessages.ts";
import { createCatalog } from "../createCatalog.ts";
import { createConnection } from "./createConnection.ts";
import { createSessions, type Sessions } from "./createSessions.ts";
import { createFakeCaller, createPeerNet, type FakeCall, unwatched } from "./sessionFixture.ts";
import { type Connect, createWanderingClient } from "./wanderingClient.ts";

const limits = {
  requestTimeoutMs: 60_000,
  maxPayloadBytes: 1_000,
  maxPending: 100,
  maxPendingTotal: 100,
  resumeMs: 60_000,
};
const IDS = ["1", "2", "3"];
const catalog = createCatalog();
const log = createLogger({ write: () => {} });
after(() => catalog.close());

/** What can happen next; `n` says to whom or how much, where that matters. */
const step = fc.record({
  what: fc.constantFrom(
    ...["ask", "ask", "chunk", "chunk", "chunk", "end"],
    ...["tell", "tell", "tell", "hear", "hear", "reach", "reach"],
    ...["cut", "strand", "connect", "connect", "receive", "grant", "cancel"],
  ),
  who: fc.nat(1),
  n: fc.nat(5),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Gateways whose words to each other arrive when the test says so, in order for each pair. */
const createWorld = async (size: number) => {
  const ways = new Map<string, [PeerMessage, string][]>();
  const net = createPeerNet((message, { from, to }) => {
    const way = ways.get(`${from} ${to}`) ?? [];
    way.push([message, to]);
    ways.set(`${from} ${to}`, way);
  });
  const { caller, calls } = createFakeCaller();
  const gateways: Sessions[] = [];
  for (let n = 0; n < size; n++) {
    const bus = net.createBus(`g${n}`);
    gateways.push(await createSessions({ bus, caller, catalog, limits, log }));
  }
  const connectTo = (n: number): Connect => (way) =>
    createConnection({ sessions: gateways[n % size]!, limits, log, ...unwatched }, way);

  /** One message between gateways arrives; gives whether there was one. */
  const tell = (n: number): boolean => {
    const waiting = [...ways.values()].filter((way) => way.length > 0);
    const [message, to] = waiting[n % waiting.length]?.shift() ?? [];
    if (message && to) net.arrive(message, to);
    return message !== undefined;
  };
  while (tell(0));
  return { gateways, calls, connectTo, tell };
};
type World = Awaited<ReturnType<typeof createWorld>>;
type Client = ReturnType<typeof createWanderingClient>;

const chunks = new WeakMap<FakeCall, number>();
const give = (call: FakeCall | undefined, kind: "chunk" | "end"): void => {
  if (!call) return;
  const { id } = call.request;
  const seq = chunks.get(call) ?? 0;
  if (kind === "end") return call.take({ kind, id, seq });
  chunks.set(call, seq + 1);
  call.take({ kind, id, seq, data: id.split(":")[0] });
};

const take = ({ what, who, n }: Step, world: World, clients: Client[]): void => {
  const client = clients[who]!;
  const open = world.calls.filter(({ isOver }) => !isOver);
  if (what === "ask") client.ask(IDS[n % IDS.length]!);
  else if (what === "chunk" || what === "end") give(open[n % open.length], what);
  else if (what === "tell") world.tell(n);
  else if (what === "connect") client.connect(world.connectTo(n));
  else if (what === "hear" || what === "reach") client[what](n + 1);
  else if (what === "strand" || what === "grant" || what === "cancel") client[what](n);
  else if (what === "cut") client.cut();
  else client.receive();
};

/** What gateways collect in one tick goes on its way. */
const tick = () => new Promise(setImmediate);

/** Everything that is on its way arrives; a client that was disconnected comes back. */
const settle = async (world: World, clients: Client[]): Promise<void> => {
  for (let calm = 0; calm < 2;) {
    await tick();
    let moved = false;
    for (const client of clients) moved = client.settle() || moved;
    while (world.tell(0)) moved = true;
    for (const [n, client] of clients.entries()) {
      if (client.isReady || moved) continue;
      client.connect(world.connectTo(n));
      moved = true;
    }
    calm = moved ? 0 : calm + 1;
  }
};

const callsOf = ({ calls }: World, { session }: Client, id: string) =>
  calls.filter(({ request }) => request.id === `${busNameOf(session ?? "")}:${id}`);

/** Where every client is now, each request runs once, or is over, and has all that was said. */
const checkRuns = (world: World, clients: Client[]): void => {
  for (const client of clients) {
    for (const { id, outcome, granted } of client.asked.values()) {
      const [call, ...more] = callsOf(world, client, id);
      assert.deepEqual(more, [], `${id} was started twice`);
      if (outcome === "CONNECTION_LOST") assert.equal(call, undefined, `${id} was lost, but ran`);
      if (outcome !== undefined) assert.ok(call?.isOver ?? true, `${id} goes on for nobody`);
      if (outcome !== undefined) continue;
      const told = (call?.told ?? []).map(Number).reduce((sum, more) => sum + more, 0);
      assert.equal(told, granted, `credit of ${id}`);
    }
  }
};

const check = async (world: World, clients: Client[]): Promise<void> => {
  await settle(world, clients);
  checkRuns(world, clients);
  // Once more, so that every gateway has heard of where they are.
  for (const [n, client] of clients.entries()) client.connect(world.connectTo(n + 1));
  await settle(world, clients);
  checkRuns(world, clients);
  for (const call of world.calls) give(call, "end");
  await settle(world, clients);
  for (const { id, outcome } of clients.flatMap(({ asked }) => [...asked.values()])) {
    assert.ok(outcome, `${id} has no outcome`);
  }
  for (const client of clients) client.receive();
  await settle(world, clients);
  for (const session of world.gateways.flatMap(({ all }) => [...all])) {
    assert.ok(session.isEmpty(), "an entry is left");
  }
  for (const client of clients) client.leave();
  while (world.tell(0));
  for (const { id, state } of world.gateways.flatMap(({ all }) => [...all])) {
    // Those of connections that broke before their clients had said who they are expire by themselves.
    assert.equal(state().at, "detached");
    assert.ok(clients.every(({ session }) => session !== id), "a session is left");
  }
};

describe("sessions among gateways", () => {
  it("give each request its frames once, in order, and one outcome, whatever happens", async () => {
    const steps = fc.array(step, { minLength: 10, maxLength: 80, size: "max" });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 3 }), steps, async (size, steps) => {
        const world = await createWorld(size);
        const clients = [createWanderingClient(), createWanderingClient()];
        try {
          for (const [n, client] of clients.entries()) client.connect(world.connectTo(n));
          for (const one of steps) {
            take(one, world, clients);
            await tick();
          }
          await check(world, clients);
        } finally {
          await Promise.all(world.gateways.map((gateway) => gateway.close()));
        }
      }),
      { numRuns: 1_500 },
    );
  });
});
