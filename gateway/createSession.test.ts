import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Caller } from "../common/bus/createCaller.ts";
import { createLogger } from "../common/logger.ts";
import type { BusRequest } from "../common/schemas/busMessages.ts";
import type { Announcement } from "../common/schemas/catalog.ts";
import type { Frame } from "../common/schemas/frames.ts";
import type { GatewayMessage } from "../common/schemas/gatewayMessages.ts";
import { createCatalog } from "./createCatalog.ts";
import { createSession } from "./createSession.ts";

const entry = { streams: false, idempotent: false, concurrency: 1, input: {}, output: {} };
const announcement: Announcement = {
  worker: "w1",
  plugins: [{ name: "a", handlers: [{ ...entry, type: "a.slow", timeoutMs: 90_000 }] }],
  broken: [],
};
const limits = {
  requestTimeoutMs: 30_000,
  maxPayloadBytes: 1_000,
  maxPending: 3,
  maxPendingTotal: 10,
};

/** A session whose socket and bus are in the test's hands. */
const withSession = (
  test: (given: ReturnType<typeof createTest>) => void,
  { pending = 0 } = {},
): void => {
  const given = createTest(pending);
  try {
    test(given);
  } finally {
    given.catalog.close();
  }
};
const createTest = (pending: number) => {
  const said: GatewayMessage[] = [];
  const lines: string[] = [];
  const calls: { request: BusRequest; take(frame: Frame): void; told: unknown[] }[] = [];
  const caller: Caller = {
    pending,
    start(request, take) {
      const told: unknown[] = [];
      calls.push({ request, take, told });
      const cancel = (reason: string) => {
        told.push(reason);
        take({ kind: "error", id: request.id, code: "CANCELLED", message: "", retryable: false });
      };
      return { cancel, grant: (n) => void told.push(n) };
    },
    close: () => Promise.resolve(),
  };
  const catalog = createCatalog();
  const log = createLogger({ write: (line) => lines.push(line) });
  const { onPacket, close } = createSession({
    caller,
    catalog,
    limits,
    log,
    send: (message) => said.push(message),
  }, { session: "s", principal: { id: "token" } });
  const ask = (id: string, more: object = {}) =>
    onPacket([{ kind: "request", id, type: "a.fast", ...more }]);
  const errors = () => said.flatMap((m) => m.kind === "error" ? [[m.id, m.code]] : []);
  return { said, lines, calls, catalog, onPacket, close, ask, errors };
};

describe("createSession", () => {
  it("says welcome first, with what it will take", () =>
    withSession(({ said }) => {
      const { requestTimeoutMs: timeoutMs, maxPayloadBytes } = limits;
      assert.deepEqual(said, [{ kind: "welcome", session: "s", timeoutMs, maxPayloadBytes }]);
    }));

  it("starts requests in its own name, and gives each the time of caller, handler or setting", () =>
    withSession(({ ask, calls, catalog, said }) => {
      catalog.onAnnouncement(announcement);
      ask("1", { timeoutMs: 5, payload: { n: 1 }, credit: 2, trace: "t" });
      ask("2", { type: "a.slow" });
      ask("3");
      const times = calls.map(({ request }) => request.timeoutMs);
      assert.deepEqual(times, [5, 90_000, 30_000]);
      assert.deepEqual(calls[0]?.request, {
        id: "s:1",
        type: "a.fast",
        payload: { n: 1 },
        timeoutMs: 5,
        credit: 2,
        attempt: 1,
        principal: { id: "token" },
        trace: "t",
      });
      assert.deepEqual(said.slice(1), [
        { kind: "accepted", id: "2", timeoutMs: 90_000 },
        { kind: "accepted", id: "3", timeoutMs: 30_000 },
      ]);
    }));

  it("passes frames on under the client's id, and what the client says to its own requests", () =>
    withSession(({ ask, calls, onPacket, said }) => {
      ask("1", { timeoutMs: 5 });
      calls[0]!.take({ kind: "chunk", id: "s:1", seq: 0, data: 7 });
      onPacket([{ kind: "credit", id: "1", n: 4 }, { kind: "credit", id: "2", n: 4 }]);
      onPacket([{ kind: "cancel", id: "1", reason: "enough" }, { kind: "cancel", id: "1" }]);
      assert.deepEqual(calls[0]!.told, [4, "enough"]);
      assert.deepEqual(said.slice(1).map((m) => "id" in m && [m.kind, m.id]), [
        ["chunk", "1"],
        ["error", "1"],
      ]);
    }));

  it("refuses what is in use, too large, unsendable or too much, and starts none of it", () =>
    withSession(({ ask, calls, errors }) => {
      ask("1");
      ask("1");
      ask("big", { payload: "x".repeat(1_000) });
      ask("odd", { payload: JSON.parse('{"__proto__":1}') });
      for (const id of ["2", "3", "4"]) ask(id);
      calls[1]!.take({ kind: "end", id: "s:2", seq: 0 });
      ask("5");
      assert.deepEqual(errors(), [
        ["1", "CONFLICT"],
        ["big", "TOO_LARGE"],
        ["odd", "INVALID_REQUEST"],
        ["4", "OVERLOADED"],
      ]);
      assert.deepEqual(calls.map(({ request }) => request.id), ["s:1", "s:2", "s:3", "s:5"]);
    }));

  it("refuses more than the whole gateway takes", () =>
    withSession(({ ask, errors }) => {
      ask("1");
      assert.deepEqual(errors(), [["1", "OVERLOADED"]]);
    }, { pending: 10 }));

  it("cancels what its socket asked for, and tells it of no catalog, once it is closed", () =>
    withSession(({ ask, calls, catalog, close, onPacket, said }) => {
      onPacket([{ kind: "watch" }, { kind: "watch" }]);
      catalog.onAnnouncement(announcement);
      assert.equal(said.filter(({ kind }) => kind === "catalog").length, 3);
      ask("1");
      ask("2");
      close("transport close");
      catalog.onAnnouncement({ ...announcement, goodbye: true });
      assert.equal(said.filter(({ kind }) => kind === "catalog").length, 3);
      for (const { told } of calls) assert.match(String(told), /transport close/);
    }));
});
