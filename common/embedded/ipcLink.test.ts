import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeOps } from "./decodeOps.ts";
import { encodeOps } from "./encodeOps.ts";
import { createIpcLink, type IpcPort } from "./ipcLink.ts";

describe("createIpcLink", () => {
  it("closes only when what was said before is on its way", async () => {
    const happened: unknown[] = [];
    const port: IpcPort = {
      connected: true,
      send(message, onSent) {
        happened.push(decodeOps(message));
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

  it("takes what its other end says, with its bytes, and nothing else that comes", () => {
    let say: (message: unknown) => void = () => {};
    const on: IpcPort["on"] = (event, listener) => {
      if (event === "message") say = listener;
    };
    const link = createIpcLink({ connected: true, on });
    const came: unknown[] = [];
    link.open({ onOp: (op) => came.push(op), onClose() {} });
    const ops = [[{ op: "a" }, "b"], [{ data: Uint8Array.of(1, 2) }]];
    for (const said of ops) say(encodeOps(said));
    for (const strange of ["text", "{}", 7, null, { op: "a" }, Uint8Array.of(9), ["a"]]) {
      say(strange);
    }
    assert.deepEqual(came, ops.flat());
  });
});
