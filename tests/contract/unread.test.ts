import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { createWebsocketClient } from "../../client/websocketClient.ts";
import { createLogger } from "../../common/logger.ts";
import type { GatewayMessage } from "../../common/schemas/gatewayMessages.ts";
import { createTcpProxy } from "../harness/tcpProxy.ts";
import { until } from "../harness/until.ts";
import { createSocketIoServer } from "../../gateway/socketIoServer.ts";

const MIB = 1_048_576;
const chunk = (seq: number): GatewayMessage => ({
  kind: "chunk",
  id: "r",
  seq,
  data: new Uint8Array(MIB),
});

describe("createSocketIoServer", () => {
  it("disconnects a client that reads nothing, before it holds much for it", async () => {
    const lines: string[] = [];
    const http = createServer();
    let send: ((message: GatewayMessage) => void) | undefined;
    let isClosed = false;
    const server = createSocketIoServer({
      http,
      rules: { allowedOrigins: [], loopback: true },
      maxPayloadBytes: 2 * MIB,
      log: createLogger({ write: (line) => lines.push(line) }),
      openConnection(way) {
        send = way.send;
        return { onPacket() {}, leave() {}, close: () => void (isClosed = true) };
      },
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const proxy = await createTcpProxy({ port: (http.address() as AddressInfo).port });
    const client = createWebsocketClient({ url: `http://127.0.0.1:${proxy.port}` });
    try {
      client.connect();
      await until(() => send !== undefined);
      proxy.pause();
      let sent = 0;
      await until(() => {
        if (!isClosed && sent < 200) send!(chunk(sent++));
        return isClosed || sent === 200;
      });
      assert.ok(isClosed, "200 MiB were taken for a client that reads nothing");
      assert.match(lines.join(), /does not read/);
    } finally {
      client.close();
      await proxy.close();
      await server.close();
    }
  });
});
