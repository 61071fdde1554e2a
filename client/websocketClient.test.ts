import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createTestPlugin } from "../tests/harness/createTestPlugin.ts";
import { startSystem, type System } from "../tests/harness/startSystem.ts";
import { createTcpProxy, type TcpProxy } from "../tests/harness/tcpProxy.ts";
import { until } from "../tests/harness/until.ts";
import type { ConnectionState } from "./connectionState.ts";
import * as modules from "./client.ts";
import type { WebsocketClient } from "./websocketClient.ts";

const suite = ({ createMakeBackendRequest, createWebsocketClient }: typeof modules) => () => {
  const { plugin, seen, type } = createTestPlugin();
  let system: System;
  let proxy: TcpProxy;
  const opened: WebsocketClient[] = [];

  before(async () => {
    const settings = { AUTH_TOKEN: "open sesame" };
    system = await startSystem({ engine: "embedded", plugins: [plugin], settings });
    proxy = await createTcpProxy({ port: Number(new URL(system.url).port) });
  });
  after(async () => {
    for (const socket of opened) socket.close();
    await proxy.close();
    await system.stop();
  });

  /** A client behind the proxy, and the states it went through. */
  const connect = (token = "open sesame") => {
    const socket = createWebsocketClient({
      url: `http://127.0.0.1:${proxy.port}`,
      auth: { token },
    });
    opened.push(socket);
    const states: ConnectionState[] = [];
    const unsubscribe = socket.subscribe({ onState: (state) => states.push(state) });
    const names = () => states.map(({ at }) => at);
    return { socket, states, names, unsubscribe, request: createMakeBackendRequest(socket) };
  };

  it("connects when it is told to, learns what the gateway takes, and closes for good", async () => {
    const { socket, names, states } = connect();
    assert.deepEqual([socket.state.at, socket.send({ kind: "watch" })], ["idle", false]);
    socket.connect();
    socket.connect();
    await until(() => socket.state.at === "ready");
    const [, ready] = states;
    assert.ok(ready?.at === "ready" && ready.welcome.session.length > 10);
    const { timeoutMs, maxPayloadBytes, gateway } = ready.welcome;
    assert.deepEqual([timeoutMs, maxPayloadBytes], [30_000, 1_048_576]);
    assert.ok(gateway.length > 10);
    assert.ok(!JSON.stringify(states).includes("token"), "the secret is nobody else's");
    socket.close();
    assert.deepEqual(names(), ["connecting", "ready", "idle"]);
    assert.equal(socket.send({ kind: "watch" }), false);
  });

  it("comes back by itself in the same session when it is cut, with what was under way", async () => {
    const { socket, names, states, request } = connect();
    const held = request(type("work"), { ms: 300 });
    await until(() => socket.state.at === "ready");
    await request(type("echo"), "the gateway has what was said before");
    proxy.cut();
    assert.equal(await request(type("echo"), "after"), "after");
    assert.equal(await held, seen.started.find((id) => id === held.id));
    assert.equal(seen.started.filter((id) => id === held.id).length, 1);
    assert.deepEqual(names(), ["connecting", "ready", "connecting", "resuming", "ready"]);
    const sessions = states.flatMap((state) => "welcome" in state ? [state.welcome.session] : []);
    assert.equal(new Set(sessions).size, 1);
    const [, , lost, , ready] = states;
    assert.ok(lost?.at === "connecting" && lost.reason);
    assert.ok(ready?.at === "ready" && ready.resumed?.lost.has(held.id) === false);
  });

  it("has another session once it was closed", async () => {
    const { socket, states, request } = connect();
    for (let n = 0; n < 2; n++) {
      assert.equal(await request(type("echo"), n), n);
      socket.close();
    }
    assert.deepEqual(states.map(({ at }) => at), [
      ...["connecting", "ready", "idle"],
      ...["connecting", "ready", "idle"],
    ]);
    const sessions = states.flatMap((state) => "welcome" in state ? [state.welcome.session] : []);
    assert.equal(new Set(sessions).size, 2);
  });

  it("goes through more in one tick than a packet may hold", async () => {
    const { request } = connect();
    const payloads = Array.from({ length: 6 }, (_, n) => new Uint8Array(900_000).fill(n));
    assert.deepEqual(
      await Promise.all(payloads.map((bytes) => request(type("echo"), bytes))),
      payloads,
    );
  });

  it("is refused for good with what the gateway said, and may try again", async () => {
    const { socket, names, request } = connect("wrong token");
    for (let i = 0; i < 2; i++) {
      await assert.rejects(Promise.resolve(request(type("echo"), 1)), {
        name: "BackendError",
        code: "UNAUTHENTICATED",
        message: /wants a token/,
      });
    }
    assert.equal(socket.state.at, "refused");
    assert.deepEqual(names(), ["connecting", "refused", "connecting", "refused"]);
  });

  it("says nothing more to whoever unsubscribed", async () => {
    const { socket, names, unsubscribe, request } = connect();
    unsubscribe();
    assert.equal(await request(type("echo"), 1), 1);
    assert.deepEqual([socket.state.at, names()], ["ready", []]);
  });

  it("refuses an address that is no gateway's, by name", () => {
    for (const url of ["ws://127.0.0.1:1", "127.0.0.1:8080", "http://", "/here"]) {
      assert.throws(() => createWebsocketClient({ url }), (error: Error) => {
        assert.ok(error instanceof TypeError && error.message.includes(`"${url}"`), error.message);
        return true;
      });
    }
  });
};

describe("createWebsocketClient", suite(modules));

// It has its own way to the gateway there (`engineIo.ts`), which runs here as well.
const bundle = new URL("../dist/client/client.js", import.meta.url).href;
describe("createWebsocketClient, as bundled for browsers", suite(await import(bundle)));
