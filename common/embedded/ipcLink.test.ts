import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decode } from "../codec.ts";
import { createIpcLink, type IpcPort } from "./ipcLink.ts";

describe("createIpcLink", () => {
  it("closes only when what was said before is on its way", async () => {
    const happened: unknown[] = [];
    const port: IpcPort = {
      connected: true,
      send(message, onSent) {
        happened.push(decode(message as Uint8Array));
        setTimeout(() => {
          happened.push("sent");
          onSent(null);
        }, 5);
        return true;
      },
      disconnect: () => void happened.push("disconnected"),
      on: () => {},
    };
    const link = createIpcLink(port);
    link.send("last");
    await link.close();
    assert.deepEqual(happened, [["last"], "sent", "disconnected"]);
  });
});
