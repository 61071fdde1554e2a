import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import { createLogger } from "../logger.ts";
import type { Connection } from "./connection.ts";
import { createOutbox } from "./outbox.ts";

describe("the outbox", () => {
  it("drops and counts what nobody waits for, once too much is unconfirmed", async () => {
    const counts: string[] = [];
    const away: Connection = {
      state: { status: "recovering", attempt: 0 },
      openChannel: () => new Promise(() => {}),
      onChange: () => {},
      cut: () => {},
      close: () => Promise.resolve(),
    };
    const outbox = createOutbox(away, {
      log: createLogger({ write: () => {} }),
      confirms: { published: () => () => {} },
      count: (what) => void counts.push(what),
      limit: 10,
    });
    const posting = { exchange: "", key: "", body: Buffer.alloc(6) };
    outbox.post(posting);
    assert.deepEqual(counts, []);
    outbox.post(posting);
    assert.deepEqual(counts, ["outbox_full"]);
    outbox.post(posting, () => {});
    assert.deepEqual(counts, ["outbox_full"], "one that is waited for is kept");
    await outbox.close();
  });
});
