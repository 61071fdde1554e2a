import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLogger } from "../common/logger.ts";
import { createClientLog } from "./createClientLog.ts";

const createTest = () => {
  const clock = { now: 0 };
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  const log = createLogger({ write, fields: { session: "s" } });
  return { clock, lines, clientLog: createClientLog({ log, now: () => clock.now }) };
};
const line = (more: object = {}) =>
  ({ level: "info", time: 1_000, message: "hello", ...more }) as const;

describe("createClientLog", () => {
  it("marks a client's lines, and keeps its time and fields apart from the gateway's", () => {
    const { lines, clientLog } = createTest();
    clientLog([line({ level: "warn", fields: { session: "forged", client: false } })]);
    const [{ time, ...rest } = {}] = lines;
    assert.ok(Date.parse(String(time)) > 1_000_000);
    assert.deepEqual(rest, {
      level: "warn",
      message: "hello",
      session: "s",
      client: true,
      clientTime: 1_000,
      clientFields: { session: "forged", client: false },
    });
  });

  it("writes 300 lines in ten seconds, then tells how many it dropped, and writes again", () => {
    const { clock, lines, clientLog } = createTest();
    for (let i = 0; i < 4; i++) clientLog(Array.from({ length: 100 }, () => line()));
    assert.equal(lines.length, 300);
    clock.now = 10_001;
    clientLog([line({ message: "again" })]);
    assert.deepEqual(lines.slice(300).map(({ message }) => message), [
      "100 lines of a client were dropped.",
      "again",
    ]);
  });

  it("leaves out fields that are too long, and times that are none", () => {
    const { lines, clientLog } = createTest();
    clientLog([line({ time: 1e300, fields: { text: "x".repeat(20_000) } })]);
    assert.match(JSON.stringify(lines[0]?.clientFields), /^{"leftOut":"200\d\d bytes of fields"}$/);
    assert.equal(lines[0]?.clientTime, null);
  });
});
