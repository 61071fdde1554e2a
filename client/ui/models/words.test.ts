import assert from "node:assert/strict";
import { it } from "node:test";
import { columnTitles } from "./columnTitles.ts";
import { describeConnection } from "./describeConnection.ts";
import type { Bounds } from "./describeInput.ts";
import { describeField, sentences } from "./describeField.ts";
import { describeLoss } from "./describeLoss.ts";
import { describeRun } from "./describeRun.ts";
import { estimateRemaining } from "./estimateRemaining.ts";
import { formatBytes } from "./formatBytes.ts";
import { formatElapsed } from "./formatElapsed.ts";
import { issuesOf } from "./issuesOf.ts";
import { siText } from "./siText.ts";
import { textOf } from "./textOf.ts";

it("writes sizes for people", () => {
  const sizes = [0, 1, 1023, 1024, 1024 ** 2 * 1.5, 1024 ** 5];
  const words = ["0 bytes", "1 byte", "1023 bytes", "1.0 KiB", "1.5 MiB", "1024.0 TiB"];
  assert.deepEqual(sizes.map(formatBytes), words);
});

it("writes durations for people", () => {
  const times = [0, 12.4, 999, 1_000, 3_449, 59_999, 125_000, 86_400_000];
  const words = [
    "0 ms",
    "12 ms",
    "999 ms",
    "1.0 s",
    "3.4 s",
    "59.9 s",
    "2 min 05 s",
    "24 h 00 min",
  ];
  assert.deepEqual(times.map(formatElapsed), words);
});

it("says where a run stands, and what it waits for", () => {
  const queued = { at: "queued", since: 0 } as const;
  assert.match(describeRun(queued, { connected: false, workers: 1 }), /^Queued.*connection/);
  assert.match(describeRun(queued, { connected: true, workers: 0 }), /^Queued.*no worker/);
  assert.match(describeRun(queued, { connected: true, workers: 1 }), /^Queued.*a worker/);
  const running = { at: "running", since: 0, worker: "w1" } as const;
  assert.equal(describeRun(running, { connected: true, workers: 1 }), "Running on w1");
  assert.match(
    describeRun(running, { connected: true, workers: 0 }),
    /^Running on w1, .*no worker/,
  );
  assert.equal(describeRun(running, { connected: false, workers: 0 }), "Running on w1");
  const error = { code: "TIMEOUT", message: "", retryable: true, requestId: "r" };
  const late = { at: "timed out", elapsedMs: 1, error } as const;
  assert.equal(describeRun(late, { connected: true, workers: 1 }), "Timed out");
});

it("writes large numbers short, so that none reads as bytes", () => {
  const texts = [0, -0.125, 999, 999_999, 1_000, -1_587_300_000, 2.5e16].map(siText);
  assert.deepEqual(texts, ["0", "-0.125", "999", "1M", "1k", "-1.587G", "25000T"]);
});

it("guesses the remaining time once there is something to go by", () => {
  assert.equal(estimateRemaining(0.25, 3_000), 9_000);
  assert.equal(estimateRemaining(1, 3_000), 0);
  for (const [fraction, elapsedMs] of [[undefined, 9_000], [0.01, 9_000], [0.5, 900]] as const) {
    assert.equal(estimateRemaining(fraction, elapsedMs), undefined);
  }
});

it("says why there is no connection", () => {
  assert.match(
    describeConnection({ at: "connecting", reason: "xhr poll error" }),
    /xhr poll error/,
  );
  const error = { code: "FORBIDDEN", message: "Not from here.", retryable: false };
  assert.equal(describeConnection({ at: "refused", error }), "Refused: Not from here.");
});

it("says how long there is hope for what runs without a connection", () => {
  assert.match(describeLoss(0, 5_000), /^Nothing was running/);
  assert.match(describeLoss(1, 4_200), /^The run .* within 5 s\.$/);
  assert.match(describeLoss(2, 29_900), /^The 2 runs .* within 30 s\.$/);
  assert.match(describeLoss(2, -1), /too late for the 2 runs/);
});

it("says which numbers a field takes", () => {
  const hint = (control: { integer: boolean } & Bounds) =>
    describeField({
      name: "n",
      title: "N",
      description: "How many.",
      required: false,
      secret: false,
      control: { kind: "number", ...control },
    });
  assert.equal(
    hint({ integer: true, min: 2, max: 10_000_000 }),
    "How many. A whole number, 2 to 10,000,000.",
  );
  assert.equal(hint({ integer: false, min: 0.5 }), "How many. 0.5 or more.");
  assert.equal(hint({ integer: false, above: 0 }), "How many. More than 0.");
  assert.equal(
    hint({ integer: true, min: 1, below: 10 }),
    "How many. A whole number, 1 or more, less than 10.",
  );
  assert.equal(hint({ integer: false }), "How many.");
  assert.equal(sentences(["How many", undefined, "0 or more."]), "How many. 0 or more.");
});

it("heads columns with the titles of a row, or of the rows of a list", () => {
  const row = { type: "object", properties: { a: { title: "First" }, b: {} } };
  for (const schema of [row, { type: "array", items: row }]) {
    assert.equal(columnTitles(schema).a?.title, "First");
    assert.equal(columnTitles(schema).b?.title, undefined);
  }
  assert.deepEqual(columnTitles({}), {});
});

it("writes a value as text, and not more of it than can be shown", () => {
  assert.equal(textOf("as it is"), "as it is");
  assert.equal(textOf({ a: new Uint8Array(3) }), '{\n  "a": "<3 bytes>"\n}');
  assert.match(textOf("x".repeat(50_010)), /x… \(10 more characters\)$/);
});

it("finds issues only where an INVALID_REQUEST lists them", () => {
  const details = { issues: [{ path: "a", message: "no" }] };
  const error = { code: "INVALID_REQUEST", message: "", retryable: false, details };
  assert.deepEqual(issuesOf(error), details.issues);
  assert.deepEqual(issuesOf({ ...error, code: "MINE" }), []);
  assert.deepEqual(issuesOf({ ...error, details: { issues: ["a"] } }), []);
});
