import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pack, unpack } from "./packet.ts";

describe("pack", () => {
  it("leaves messages without bytes to Socket.IO", () => {
    const messages = [{ kind: "cancel", id: "1" }];
    assert.equal(pack(messages), messages);
  });

  it("makes one part of any number of byte arrays, which every receiver reads", () => {
    const messages = Array.from({ length: 50 }, (_, n) => ({ id: n, data: [Uint8Array.of(n)] }));
    const packed = pack(messages);
    assert.ok(packed instanceof Uint8Array);
    // A browser gets an ArrayBuffer, Node a Buffer.
    const { buffer } = packed.slice();
    for (const packet of [packed, buffer, Buffer.from(packed)]) {
      assert.deepEqual(JSON.stringify(unpack(packet)), JSON.stringify(messages));
    }
  });

  it("refuses a packet that is no array of messages", () => {
    for (
      const packet of [undefined, null, {}, "[]", new ArrayBuffer(0), pack([new Uint8Array()])]
    ) {
      if (packet instanceof Uint8Array) packet[0] = 9;
      assert.throws(() => unpack(packet), Error);
    }
    const noArray = Uint8Array.of(0, ...new TextEncoder().encode("{}"));
    assert.throws(() => unpack(noArray), /A packet is an array of messages/);
  });
});
