import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { io } from "socket.io-client";
import { createWebsocketClient } from "../../client/client.ts";
import { createTestPlugin } from "../harness/createTestPlugin.ts";
import { startSystem, type System } from "../harness/startSystem.ts";
import { until } from "../harness/until.ts";

type Frame = { kind: string; id?: string; code?: string; message?: string; data?: unknown };

describe("a gateway that is told nonsense", () => {
  const { plugin, seen, type } = createTestPlugin();
  let system: System;
  before(async () => {
    system = await startSystem({
      engine: "embedded",
      plugins: [plugin],
      settings: { MAX_PENDING: "3" },
    });
  });
  after(() => system.stop());

  /** A client that says whatever it is given, and notes what it hears. */
  const connectRaw = async (options: Parameters<typeof io>[1] = {}) => {
    const socket = io(system.url, { transports: ["websocket"], forceNew: true, ...options });
    const heard: Frame[] = [];
    const errors: (Error & { data?: unknown })[] = [];
    socket.on("frames", (frames: Frame[]) => heard.push(...frames));
    socket.on("connect_error", (error) => errors.push(error));
    await until(() => heard.length > 0 || errors.length > 0, { what: "a welcome or a refusal" });
    const hear = async (id: string, ...kinds: string[]): Promise<Frame> => {
      const wanted = kinds.length > 0 ? kinds : ["error", "end"];
      const find = () => heard.find((f) => f.id === id && wanted.includes(f.kind));
      await until(() => find() !== undefined, { what: `the outcome of ${id}` });
      return find()!;
    };
    return { socket, heard, errors, hear };
  };

  it("answers where an id can be read, and goes on serving the same socket", async () => {
    const { socket, hear } = await connectRaw();
    const deep = JSON.parse("[".repeat(5_000) + "]".repeat(5_000));
    const nonsense: unknown[] = [
      null,
      "text",
      42,
      {},
      { kind: "request" },
      { kind: "request", id: "", type: "a.b" },
      { kind: "explode", id: "unknown-kind" },
      { kind: "request", id: "no-type" },
      { kind: "request", id: "bad-type", type: "nodot" },
      { kind: "request", id: "bad-time", type: type("echo"), timeoutMs: -5 },
      { kind: "request", id: "bad-credit", type: type("echo"), credit: 0 },
      { kind: "request", id: "too-deep", type: type("echo"), payload: deep },
      { kind: "cancel", id: "never-heard-of" },
      { kind: "credit", id: "never-heard-of", n: 5 },
      { kind: "log", entries: "many" },
    ];
    socket.emit("messages", nonsense);
    for (const packet of ["text", 7, null, { a: 1 }, new Uint8Array([9, 9]), new Uint8Array(0)]) {
      socket.emit("messages", packet);
    }
    socket.emit("messages");
    socket.emit("something else", 1);
    socket.emit("messages", [{ kind: "request", id: "good", type: type("echo"), payload: "ok" }]);
    assert.equal((await hear("good")).data, "ok");
    for (
      const id of ["unknown-kind", "no-type", "bad-type", "bad-time", "bad-credit", "too-deep"]
    ) {
      assert.equal((await hear(id)).code, "INVALID_REQUEST", id);
    }
    socket.close();
  });

  it("runs a request once however often it is asked for, under an id that is no other's", async () => {
    const { socket, hear, heard } = await connectRaw();
    const work = (ms: number) => ({
      ...{ kind: "request", id: "one", type: type("work"), payload: { ms } },
    });
    socket.emit("messages", [work(200), work(200)]);
    socket.emit("messages", [work(200)]);
    const own = await hear("one");
    assert.equal(own.data, "one");
    const seq = heard.filter(({ id }) => id === "one").length;
    socket.emit("messages", [work(200), work(100)]);
    assert.equal((await hear("one", "error")).code, "CONFLICT");
    socket.emit("messages", [{ kind: "received", id: "one", seq }, work(200)]);
    await until(() => heard.filter(({ code }) => code === "CONFLICT").length === 2);
    assert.equal(heard.filter(({ id, kind }) => id === "one" && kind === "end").length, 1);
    assert.deepEqual(seen.started, ["one"]);
    socket.close();
  });

  it("refuses more requests at once than it allows", async () => {
    const { socket, hear } = await connectRaw();
    const hold = (id: string) => ({
      kind: "request",
      id,
      type: type("work"),
      payload: { ms: 300 },
    });
    socket.emit("messages", [hold("one"), hold("two"), hold("three"), hold("four")]);
    assert.equal((await hear("four")).code, "OVERLOADED");
    socket.close();
  });

  it("lets in pages of its own origin and of those that are allowed, and no other", async () => {
    const own = await connectRaw({ extraHeaders: { origin: system.url } });
    assert.deepEqual(own.errors, []);
    const foreign = await connectRaw({ extraHeaders: { origin: "https://evil.example" } });
    assert.match(foreign.errors[0]?.message ?? "", /https:\/\/evil\.example.*ALLOWED_ORIGINS/);
    assert.equal((foreign.errors[0]?.data as Frame).code, "FORBIDDEN");
    assert.deepEqual(foreign.heard, []);
    const rebound = await connectRaw({
      extraHeaders: { origin: "http://evil.example", host: "evil.example" },
    });
    assert.equal((rebound.errors[0]?.data as Frame).code, "FORBIDDEN");
    for (const { socket } of [own, foreign, rebound]) socket.close();
  });

  it("asks for the token where one is set", async () => {
    const settings = { AUTH_TOKEN: "correct horse" };
    const guarded = await startSystem({ engine: "embedded", plugins: [plugin], settings });
    try {
      const states = await Promise.all(["wrong", "correct horse"].map(async (token) => {
        const socket = createWebsocketClient({ url: guarded.url, auth: { token } });
        socket.connect();
        await until(() => ["refused", "ready"].includes(socket.state.at));
        const { state } = socket;
        socket.close();
        return state.at === "refused" ? state.error.code : state.at;
      }));
      assert.deepEqual(states, ["UNAUTHENTICATED", "ready"]);
    } finally {
      await guarded.stop();
    }
  });

  it("keeps a client's log lines apart from its own, and bounded", async () => {
    const { socket } = await connectRaw();
    const entry = { level: "warn", time: 0, message: "from a page", fields: { requestId: "fake" } };
    for (let n = 0; n < 5; n++) {
      socket.emit("messages", [{ kind: "log", entries: Array.from({ length: 100 }, () => entry) }]);
    }
    const own = () => system.log.filter(({ message }) => message === "from a page");
    await until(() => own().length >= 300);
    socket.emit("messages", [{ kind: "request", id: "after", type: type("echo") }]);
    await until(() => system.log.some((line) => line.requestId === "after"));
    assert.equal(own().length, 300);
    assert.deepEqual(
      [own()[0]?.client, own()[0]?.requestId, own()[0]?.clientFields],
      [true, undefined, { requestId: "fake" }],
    );
    socket.close();
  });
});
