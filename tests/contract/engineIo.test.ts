import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { Server } from "socket.io";
import { Socket } from "../../client/engineIo.ts";
import { createTcpProxy, type TcpProxy } from "../harness/tcpProxy.ts";
import { until } from "../harness/until.ts";

/** How long the server lets pass between pings, and waits for an answer. */
const PATIENCE = { pingInterval: 40, pingTimeout: 200 };

describe("the browsers' connection to a Socket.IO server", () => {
  const http = createServer();
  const server = new Server(http, { ...PATIENCE, transports: ["websocket"] });
  server.on("connection", (socket) => socket.on("say", (what) => socket.emit("said", what)));
  let proxy: TcpProxy;

  before(async () => {
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    proxy = await createTcpProxy({ port: (http.address() as AddressInfo).port });
  });
  after(async () => {
    await proxy.close();
    await server.close();
  });

  /** A connection, and what its Manager would hear; it has joined the server when it is open. */
  const connect = (uri = `http://127.0.0.1:${proxy.port}`) => {
    const heard: unknown[] = [];
    const socket = Socket(uri, { path: "/socket.io" });
    socket.on("open", () => socket.write("0"));
    socket.on("data", (data) => heard.push(data));
    socket.on("error", (error) => heard.push(`error: ${(error as Error).message}`));
    socket.on("close", (reason) => heard.push(`close: ${reason}`));
    const joined = () => until(() => String(heard[0]).startsWith("0{"));
    return { socket, heard, joined };
  };

  it("carries text and bytes both ways, and outlives pings", async () => {
    const { socket, heard, joined } = connect();
    await joined();
    let pings = 0;
    for (const { conn } of server.sockets.sockets.values()) conn.on("heartbeat", () => pings++);
    await until(() => pings > 8);
    socket.write('2["say","hello"]');
    socket.write('51-["say",{"_placeholder":true,"num":0}]');
    socket.write(new Uint8Array([1, 2, 3]));
    await until(() => heard.length === 4);
    assert.deepEqual(heard.slice(1), [
      '2["said","hello"]',
      '51-["said",{"_placeholder":true,"num":0}]',
      new Uint8Array([1, 2, 3]).buffer,
    ]);
    socket.close();
    assert.equal(heard.at(-1), "close: forced close");
  });

  it("says once that it did not open, where nobody listens or it may not connect", async () => {
    for (const uri of ["http://127.0.0.1:1", "http://["]) {
      const { socket, heard } = connect(uri);
      await until(() => heard.length > 0);
      socket.close();
      assert.deepEqual(heard, ["error: websocket error"]);
    }
  });

  it("ends when the server is silent for longer than it said", async () => {
    const { heard, joined } = connect();
    await joined();
    proxy.strand();
    await until(() => heard.length > 1);
    assert.deepEqual(heard.slice(1), ["close: ping timeout"]);
  });

  it("keeps back what it is to send after a sleep that no timer saw, and ends", async () => {
    const { socket, heard, joined } = connect();
    await joined();
    assert.equal(socket._hasPingExpired(), false);
    const { now } = Date;
    try {
      Date.now = () => now() + 60_000;
      assert.equal(socket._hasPingExpired(), true);
    } finally {
      Date.now = now;
    }
    await until(() => heard.length > 1);
    assert.deepEqual(heard.slice(1), ["close: ping timeout"]);
  });

  it("ends when the server goes", async () => {
    const { heard, joined } = connect();
    await joined();
    proxy.cut();
    await until(() => heard.length > 1);
    assert.match(String(heard[1]), /^close: (?:websocket error|transport close)$/);
  });
});
