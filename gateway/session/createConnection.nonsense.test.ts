import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import fc from "fast-check";
import { createLogger } from "../../common/logger.ts";
import type { GatewayMessage } from "../../common/schemas/gatewayMessages.ts";
import { createCatalog } from "../createCatalog.ts";
import { createConnection } from "./createConnection.ts";
import { createSessions, type Sessions } from "./createSessions.ts";
import { createFakeCaller, createPeerNet, unwatched } from "./sessionFixture.ts";

const limits = {
  requestTimeoutMs: 1_000,
  maxPayloadBytes: 1_000,
  maxPending: 1_000,
  maxPendingTotal: 1_000,
  resumeMs: 0,
};

const catalog = createCatalog();
after(() => catalog.close());
const lines: string[] = [];
const log = createLogger({ write: (line) => lines.push(line) });
const { caller, calls } = createFakeCaller();
const bus = createPeerNet().createBus();
const opening = createSessions({ bus, caller, catalog, limits, log });
after(async () => await (await opening).close());

/** What a connection says to some packets, beside its welcome. */
const say = (sessions: Sessions, ...packets: unknown[]) => {
  const said: GatewayMessage[] = [];
  lines.length = calls.length = 0;
  const { onPacket, close } = createConnection({ sessions, limits, log, ...unwatched }, {
    send: (message) => void said.push(message),
    disconnect() {},
  });
  for (const packet of packets) onPacket(packet);
  const started = calls.map(({ request }) => request.id.split(":")[1]);
  close({ forGood: true });
  return { said: said.slice(1), lines: [...lines], started };
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

describe("createConnection, given nonsense", () => {
  const unreadable: [string, unknown][] = [
    ["nothing", undefined],
    ["an object", { kind: "request" }],
    ["bytes that mean nothing", Uint8Array.of(7, 7)],
    ["no bytes", new ArrayBuffer(0)],
  ];
  for (const [what, packet] of unreadable) {
    it(`logs a packet that is ${what}, and goes on`, async () => {
      const { said, lines, started } = say(await opening, packet, [{
        kind: "request",
        id: "r",
        type: "a.b",
      }]);
      assert.deepEqual([said, started], [[], ["r"]]);
      assert.match(lines.join(), /packet could not be read/);
    });
  }

  it("answers each message that does not parse where an id can be read, and takes the others", async () => {
    const { said, started } = say(await opening, [
      null,
      { kind: "request", id: "untyped" },
      { kind: "request", id: "t", type: "a.b", timeoutMs: "soon" },
      { kind: "nonsense", id: "n" },
      { kind: "request", id: 7, type: "a.b" },
      { kind: "request", id: "good", type: "a.b", timeoutMs: 1 },
    ]);
    const answers = said.map((m) => m.kind === "error" && [m.id, m.code]);
    assert.deepEqual(answers, ["untyped", "t", "n"].map((id) => [id, "INVALID_REQUEST"]));
    assert.deepEqual(started, ["good"]);
    assert.match(JSON.stringify(said[1]), /at timeoutMs/);
  });

  it("writes a line whose fields nest too deep to be written, without them", async () => {
    assert.match(say(await opening, logOf({ deep })).lines.join("\n"), /hello/);
  });

  const places: [string, string][] = [
    ["{}", '"__proto__"'],
    ["[]", "2000000"],
  ];
  for (const [payload, key] of places) {
    it(`does not start what was written by hand to have bytes at ${key} of ${payload}`, async () => {
      const json = `[[${request}:${payload}}],[[0,"payload",${key}]]]`;
      assert.deepEqual(say(await opening, handWritten(json)).started, []);
    });
  }

  it("throws at nothing at all", async () => {
    const sessions = await opening;
    const message = fc.record({
      kind: fc.constantFrom(
        ...["request", "cancel", "credit", "received", "resume", "log", "watch", "other"],
      ),
      id: fc.oneof(fc.string(), fc.constantFrom("1", "2")),
      type: fc.constantFrom("a.b", "a", ""),
      payload: fc.anything(),
      entries: fc.array(fc.anything()),
      n: fc.oneof(fc.integer(), fc.string()),
      seq: fc.oneof(fc.integer(), fc.string()),
      session: fc.constantFrom("s", "x".repeat(43)),
      token: fc.oneof(fc.string(), fc.anything()),
      nth: fc.integer(),
      requests: fc.array(fc.anything()),
      again: fc.anything(),
    }, { requiredKeys: [] });
    fc.assert(fc.property(fc.array(fc.oneof(message, fc.anything())), (packet) => {
      say(sessions, packet);
      // Nor is anything left of it.
      assert.deepEqual([...sessions.all], []);
    }));
  });
});
