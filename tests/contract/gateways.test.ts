import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Gateway } from "../../gateway/createGateway.ts";
import { createTestPlugin } from "../harness/createTestPlugin.ts";
import { skipWithout, startSystem, type System } from "../harness/startSystem.ts";
import { createTcpBalancer, type TcpBalancer } from "../harness/tcpBalancer.ts";
import { createTcpProxy } from "../harness/tcpProxy.ts";
import { until } from "../harness/until.ts";

const portOf = ({ url }: Gateway): number => Number(new URL(url).port);
const numbers = (to: number) => Array.from({ length: to }, (_, n) => n);

describe("several gateways over RabbitMQ", () => {
  const { plugin, seen, type } = createTestPlugin();
  const option = skipWithout("rabbitmq");
  let system: System;
  let balancer: TcpBalancer;
  before(async () => {
    if (option.skip) return;
    system = await startSystem({ engine: "rabbitmq", plugins: [plugin], gateways: 2 });
    balancer = await createTcpBalancer();
  });
  after(async () => {
    await balancer?.close();
    await system?.stop();
  });

  /** Leads every client to this gateway alone, from its next connection on. */
  const leadTo = (gateway: Gateway): void => {
    balancer.targets.clear();
    balancer.targets.add(portOf(gateway));
  };

  /** A client of the first gateway, and a way to bring it to another one. */
  const connect = () => {
    leadTo(system.gateways[0]!);
    const client = system.connect(`http://127.0.0.1:${balancer.port}`);
    const gateways: string[] = [];
    client.socket.subscribe({
      onState: (state) => void (state.at === "ready" && gateways.push(state.welcome.gateway)),
    });
    /** Resolves when the client has gone on there. */
    const move = async (to: Gateway) => {
      const before = gateways.length;
      leadTo(to);
      balancer.cut();
      await until(() => gateways.length > before, { what: "the client to be at a gateway again" });
    };
    return { ...client, gateways, move };
  };

  it(
    "give a tab that comes to another one all it missed, there and back again",
    option,
    async () => {
      const { request, socket, gateways, move } = connect();
      const [one, two] = system.gateways as [Gateway, Gateway];
      const works = numbers(4).map(() => request(type("work"), { ms: 400 }));
      const chunks: unknown[] = [];
      const read = async () => {
        // Several windows of credit, so that credit must reach the run through the other gateway.
        for await (const chunk of request(type("count"), { to: 6_000 })) {
          chunks.push(chunk);
          if (chunk === 1_000 || chunk === 3_000) await move(two);
          if (chunk === 2_000 || chunk === 4_000) await move(one);
        }
      };
      await read();
      assert.deepEqual(chunks, numbers(6_000));
      assert.deepEqual(await Promise.all(works), works.map(({ id }) => id));
      const starts = seen.started.filter((id) => works.some((work) => work.id === id));
      assert.equal(starts.length, works.length);
      const ids = [...new Set(gateways)];
      assert.equal(ids.length, 2);
      assert.deepEqual(gateways, [0, 1, 0, 1, 0].map((n) => ids[n]));
      socket.close();
    },
  );

  it("pass a cancel on to where the request runs", option, async () => {
    const { request, socket, move } = connect();
    const held = request(type("hold"), "cancelled elsewhere");
    await until(() => seen.started.includes("cancelled elsewhere"));
    await move(system.gateways[1]!);
    held.cancel("enough");
    await assert.rejects(held, { code: "CANCELLED" });
    await until(() => seen.aborted.includes("cancelled elsewhere"));
    socket.close();
  });

  it("abort what runs when a tab that came to another one closes", option, async () => {
    const { request, socket, move } = connect();
    const held = request(type("hold"), "closed elsewhere");
    await until(() => seen.started.includes("closed elsewhere"));
    await move(system.gateways[1]!);
    socket.close();
    await assert.rejects(held, { code: "CONNECTION_LOST" });
    await until(() => seen.aborted.includes("closed elsewhere"));
  });

  it("abort at once what was cancelled on the way to another one", option, async () => {
    const { request, socket, move } = connect();
    const held = request(type("hold"), "cancelled between");
    await until(() => seen.started.includes("cancelled between"));
    const moved = move(system.gateways[1]!);
    await until(() => socket.state.at === "connecting");
    held.cancel();
    await assert.rejects(held, { code: "CANCELLED" });
    await moved;
    await until(() => seen.aborted.includes("cancelled between"));
    socket.close();
  });

  it("answer, before they stop, a client that knows no other address", option, async () => {
    const stopping = await system.startGateway();
    const { request, socket } = system.connect(stopping.url);
    const answer = request(type("work"), { ms: 1_500 });
    await until(() => seen.started.includes(answer.id));
    await Promise.all([stopping.close({ drainMs: 10_000 }), answer]);
    assert.equal(await answer, answer.id);
    socket.close();
  });

  it("lose nothing when one of them stops under load", option, async () => {
    const { request, socket, gateways } = connect();
    const leaving = await system.startGateway();
    leadTo(leaving);
    const streams = numbers(3).map(async () => {
      const chunks: unknown[] = [];
      for await (const chunk of request(type("drip"), `drained ${chunks.length}`)) {
        chunks.push(chunk);
        if (chunks.length > 500 && gateways.length > 1) break;
      }
      return chunks;
    });
    let isLeft = false;
    const works: Promise<unknown>[] = [];
    const load = async () => {
      while (!isLeft || works.length < 20) {
        const work = request(type("work"), { ms: 100 });
        works.push(Promise.resolve(work).then((id) => assert.equal(id, work.id)));
        await Promise.race([works.at(-2), works.at(-1)]);
      }
    };
    const loading = load();
    await until(() => gateways.length === 1 && works.length > 3);
    leadTo(system.gateways[1]!);
    await leaving.close({ drainMs: 4_000 });
    isLeft = true;
    await loading;
    await Promise.all(works);
    for (const chunks of await Promise.all(streams)) {
      assert.deepEqual(chunks, numbers(chunks.length));
    }
    const starts = seen.started.filter((id) => /^[\w-]{21}$/.test(id));
    assert.equal(new Set(starts).size, starts.length, "none ran twice");
    assert.equal(gateways.length, 2);
    assert.notEqual(gateways[0], gateways[1]);
    socket.close();
  });
});

for (const engine of ["embedded", "rabbitmq"] as const) {
  describe(`a gateway that stops alone over the ${engine} engine`, () => {
    const option = skipWithout(engine);

    it("answers what it has; what is new waits for the next one", option, async () => {
      const { plugin, seen, type } = createTestPlugin();
      const system = await startSystem({ engine, plugins: [plugin] });
      const port = Number(new URL(system.url).port);
      const proxy = await createTcpProxy({ port });
      try {
        const { request, socket } = system.connect(`http://127.0.0.1:${proxy.port}`);
        const old = request(type("work"), { ms: 500 });
        await until(() => seen.started.includes(old.id));
        const closed = system.gateway.close({ drainMs: 20_000 });
        await until(() => socket.state.at === "leaving");
        const next = request(type("echo"), "for the next");
        assert.equal(await old, old.id);
        await closed;
        await system.startGateway({ PORT: String(port) });
        assert.equal(await next, "for the next");
        assert.equal(seen.started.filter((id) => id === old.id).length, 1);
        socket.close();
      } finally {
        await proxy.close();
        await system.stop();
      }
    });

    it("settles what does not end in time, and says so", option, async () => {
      const { plugin, seen, type } = createTestPlugin();
      const system = await startSystem({ engine, plugins: [plugin] });
      try {
        const { request } = system.connect();
        const held = request(type("hold"), "held");
        await until(() => seen.started.includes("held"));
        const closed = system.gateway.close({ drainMs: 100 });
        await assert.rejects(held, { code: "BUS_UNAVAILABLE", retryable: true });
        await closed;
        await until(() => seen.aborted.includes("held"));
      } finally {
        await system.stop();
      }
    });
  });
}
