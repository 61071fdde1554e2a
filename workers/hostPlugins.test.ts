import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createBroker } from "../common/embedded/createBroker.ts";
import { createEmbeddedBus } from "../common/embedded/createEmbeddedBus.ts";
import { createMemoryLinks } from "../common/embedded/memoryLink.ts";
import { createLogger } from "../common/logger.ts";
import type { Announcement } from "../common/schemas/catalog.ts";
import { readSettings } from "../common/settings.ts";
import { until } from "../tests/harness/until.ts";
import { hostPlugins } from "./hostPlugins.ts";

describe("hostPlugins", () => {
  it("goes on saying that it is there where it has no plugin to serve", async () => {
    const folder = await mkdtemp(join(tmpdir(), "plugboard-host-"));
    const log = createLogger({ level: "error", write() {} });
    const broker = createBroker({ log });
    const [near, far] = createMemoryLinks();
    broker.attach(far);
    const bus = createEmbeddedBus({ link: near, log });
    const heard: Announcement[] = [];
    await bus.watchAnnouncements((announcement) => heard.push(announcement));
    const { settings } = readSettings({ argv: [], env: { PLUGINS_DIR: folder } });
    const hosted = await hostPlugins({ settings, worker: "w", broker, log });
    try {
      await hosted.settled;
      const known = heard.length;
      await until(() => heard.length > known, { what: "another announcement" });
      assert.deepEqual(heard.at(-1), { worker: "w", plugins: [], broken: [] });
    } finally {
      await hosted.close();
      await bus.close();
      await rm(folder, { recursive: true });
    }
  });
});
