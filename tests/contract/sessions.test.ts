import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { io } from "socket.io-client";
import { createTestPlugin } from "../harness/createTestPlugin.ts";
import { failureOf } from "../harness/failureOf.ts";
import { ENGINES, skipWithout, startSystem, type System } from "../harness/startSystem.ts";
import { createTcpProxy, type TcpProxy } from "../harness/tcpProxy.ts";
import { until } from "../harness/until.ts";

type Message = { kind: string; [field: string]: unknown };

/** A client that says whatever it is given, and notes what it hears. */
const connectRaw = async (url: string, auth?: Record<string, unknown>) => {
  const socket = io(url, { transports: ["websocket"], forceNew: true, reconnection: false, auth });
  const heard: Message[] = [];
  let refusal = "";
  socket.on("frames", (messages: Message[]) => heard.push(...messages));
  socket.on("connect_error", (error) => refusal = error.message);
  await until(() => heard.length > 0 || refusal !== "", { what: "a welcome or a refusal" });
  const say = (...messages: Message[]) => void socket.emit("messages", messages);
  const of = (id: string) => heard.filter((message) => message.id === id);
  return { socket, heard, refusal, say, of, welcome: heard[0] };
};

for (const engine of ENGINES) {
  describe(`a client's session over the ${engine} engine`, () => {
    const { plugin, seen, type } = createTestPlugin();
    const option = skipWithout(engine);
    let system: System;
    let proxy: TcpProxy;
    before(async () => {
      if (option.skip) return;
      const settings = { RESUME_MS: "500", AUTH_TOKEN: "open sesame" };
      system = await startSystem({ engine, plugins: [plugin], settings });
      proxy = await createTcpProxy({ port: Number(new URL(system.url).port) });
    });
    after(async () => {
      await proxy?.close();
      await system?.stop();
    });
    const auth = { token: "open sesame" };
    const through = () => system.connect(`http://127.0.0.1:${proxy.port}`, auth);

    it(
      "gives a stream and lone requests whole, each run once, through four cuts",
      option,
      async () => {
        const { socket, request } = through();
        let losses = 0;
        socket.subscribe({ onState: ({ at }) => void (at === "resuming" && losses++) });
        const works = Array.from({ length: 6 }, () => request(type("work"), { ms: 150 }));
        const cuts = new Set([500, 1_500, 2_500, 3_500]);
        const chunks: unknown[] = [];
        for await (const chunk of request(type("count"), { to: 4_000 })) {
          if (cuts.delete(chunk as number)) proxy.cut();
          chunks.push(chunk);
        }
        assert.deepEqual(chunks, Array.from({ length: 4_000 }, (_, n) => n));
        assert.deepEqual(await Promise.all(works), works.map(({ id }) => id));
        const starts = seen.started.filter((id) => works.some((work) => work.id === id));
        assert.equal(starts.length, works.length);
        assert.ok(losses >= 3, `it came back ${losses} times`);
        socket.close();
      },
    );

    it(
      "runs a lone request that never came, though it was sent before the cut",
      option,
      async () => {
        const { socket, request } = through();
        await request(type("echo"), 1);
        proxy.pause();
        const lost = request(type("work"), { ms: 1 });
        proxy.cut();
        proxy.resume();
        assert.equal(await lost, lost.id);
        assert.equal(seen.started.filter((id) => id === lost.id).length, 1);
        socket.close();
      },
    );

    it("is over after RESUME_MS: only what may run again does", option, async () => {
      const { socket, request } = through();
      const [held, again] = ["held", "again"].map((key) => `${engine} ${key}`);
      const lost = failureOf(request(type("hold"), held));
      const repeated = request(type("holdOnce"), again);
      await until(() => [held, again].every((key) => seen.started.includes(key!)));
      proxy.pause();
      proxy.cut();
      await until(() => [held, again].every((key) => seen.aborted.includes(key!)));
      proxy.resume();
      const { code, retryable, where } = await lost;
      assert.deepEqual([code, retryable], ["CONNECTION_LOST", true]);
      assert.ok(where === undefined || where.state !== "unsent");
      assert.equal(await repeated, "attempt 2");
      assert.equal(seen.started.filter((key) => key === held).length, 1);
      socket.close();
    });

    it("is given up at once when its client closes", option, async () => {
      const { socket, request } = through();
      const key = `${engine} closed`;
      const held = failureOf(request(type("hold"), key));
      await until(() => seen.started.includes(key));
      socket.close();
      const closedAt = performance.now();
      assert.equal((await held).code, "CONNECTION_LOST");
      await until(() => seen.aborted.includes(key));
      assert.ok(seen.abortedAt.get(key)! - closedAt < 400, "it did not wait for a return");
    });

    it("is nobody else's, whatever of it they know", option, async () => {
      const owner = await connectRaw(system.url, auth);
      const { session, token } = owner.welcome as { session?: string; token?: string };
      owner.say({ kind: "request", id: "r", type: type("work"), payload: { ms: 300 } });
      const requests = [{ id: "r", seq: 0 }];
      const thief = await connectRaw(system.url, auth);
      thief.say({ kind: "resume", session, token: thief.welcome?.token, nth: 1, requests });
      thief.say({ kind: "cancel", id: "r" });
      await until(() => thief.heard.some(({ kind }) => kind === "resumed"));
      const stranger = await connectRaw(system.url, { token: "open says me" });
      stranger.say({ kind: "resume", session, token, nth: 1, requests });
      await until(() => owner.of("r").some(({ kind }) => kind === "end"));
      assert.deepEqual(thief.heard.slice(1), [{ kind: "resumed", gateways: [], lost: ["r"] }]);
      assert.match(stranger.refusal, /token/);
      assert.deepEqual(stranger.heard, []);
      for (const { socket } of [owner, thief, stranger]) socket.close();
    });
  });
}
