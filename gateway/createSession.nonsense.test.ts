import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createLogger } from "../common/logger.ts";
import type { GatewayMessage } from "../common/schemas/gatewayMessages.ts";
import { createCatalog } from "./createCatalog.ts";
import { createSession } from "./createSession.ts";

const limits = {
  requestTimeoutMs: 1_000,
  maxPayloadBytes: 1_000,
  maxPending: 1_000,
  maxPendingTotal: 1_000,
};

/** What a session says to some packets, beside its welcome. */
const say = (...packets: unknown[]) => {
  const said: GatewayMessage[] = [];
  const lines: string[] = [];
  const started: string[] = [];
  const catalog = createCatalog();
  catalog.close();
  const { onPacket, close } = createSession({
    caller: {
      pending: 0,
      start: ({ id }) => {
        started.push(id);
        return { cancel: () => {}, grant: () => {} };
      },
      close: () => Promise.resolve(),
    },
    catalog,
    limits,
    log: createLogger({ write: (line) => lines.push(line) }),
    send: (message) => said.push(message),
  }, { session: "s" });
  for (const packet of packets) onPacket(packet);
  close("the test is over");
  return { said: said.slice(1), lines, started };
};

const deep: unknown[] = [];
for (let i = 0, at = deep; i < 100_000; i++) at.push(at = []);
const logOf = (fields: unknown) => [
  { kind: "log", entries: [{ level: "info", time: 1, message: "hello", fields }] },
];
const handWritten = (json: string): Uint8Array => {
  const text = new TextEncoder().encode(json);
  return Uint8Array.of(1, 0, 0, text.length >> 8, text.length & 255, ...text, 0, 0, 0, 1, 7);
};
const request = '{"kind":"request","id":"r","type":"a.b","timeoutMs":9,"payload"';

describe("createSession, given nonsense", () => {
  const unreadable: [string, unknown][] = [
    ["nothing", undefined],
    ["an object", { kind: "request" }],
    ["bytes that mean nothing", Uint8Array.of(7, 7)],
    ["no bytes", new ArrayBuffer(0)],
  ];
  for (const [what, packet] of unreadable) {
    it(`logs a packet that is ${what}, and goes on`, () => {
      const { said, lines, started } = say(packet, [{ kind: "request", id: "r", type: "a.b" }]);
      assert.deepEqual([said.map(({ kind }) => kind), started], [["accepted"], ["s:r"]]);
      assert.match(lines.join(), /packet could not be read/);
    });
  }

  it("answers each message that does not parse where an id can be read, and takes the others", () => {
    const { said, started } = say([
      null,
      { kind: "request", id: "untyped" },
      { kind: "request", id: "t", type: "a.b", timeoutMs: "soon" },
      { kind: "nonsense", id: "n" },
      { kind: "request", id: 7, type: "a.b" },
      { kind: "request", id: "good", type: "a.b", timeoutMs: 1 },
    ]);
    const answers = said.map((m) => m.kind === "error" && [m.id, m.code]);
    assert.deepEqual(answers, ["untyped", "t", "n"].map((id) => [id, "INVALID_REQUEST"]));
    assert.deepEqual(started, ["s:good"]);
    assert.match(JSON.stringify(said[1]), /at timeoutMs/);
  });

  it("writes a line whose fields nest too deep to be written, without them", () => {
    assert.match(say(logOf({ deep })).lines.join("\n"), /hello/);
  });

  const places: [string, string][] = [
    ["{}", '"__proto__"'],
    ["[]", "2000000"],
  ];
  for (const [payload, key] of places) {
    it(`does not start what was written by hand to have bytes at ${key} of ${payload}`, () => {
      const json = `[[${request}:${payload}}],[[0,"payload",${key}]]]`;
      assert.deepEqual(say(handWritten(json)).started, []);
    });
  }

  it("throws at nothing at all", () => {
    const message = fc.record({
      kind: fc.constantFrom("request", "cancel", "credit", "log", "watch", "other"),
      id: fc.oneof(fc.string(), fc.constantFrom("1", "2")),
      type: fc.constantFrom("a.b", "a", ""),
      payload: fc.anything(),
      entries: fc.array(fc.anything()),
      n: fc.oneof(fc.integer(), fc.string()),
    }, { requiredKeys: [] });
    fc.assert(fc.property(fc.array(fc.oneof(message, fc.anything())), (packet) => {
      say(packet);
    }));
  });
});
