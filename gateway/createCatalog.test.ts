import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Announcement, Catalog } from "../common/schemas/catalog.ts";
import { until } from "../tests/harness/until.ts";
import { createCatalog } from "./createCatalog.ts";

const announce = (
  worker: string,
  handlers: string[],
  { version = "1.0.0", title = "", broken = [] as Announcement["broken"] } = {},
): Announcement => ({
  worker,
  plugins: [{
    name: "a",
    version,
    handlers: handlers.map((key) => ({
      type: `a.${key}`,
      title,
      streams: false,
      idempotent: false,
      concurrency: 1,
      input: {},
      output: {},
    })),
  }],
  broken,
});

const withCatalog = async (
  test: (given: ReturnType<typeof createCatalog> & { heard: Catalog[] }) => void | Promise<void>,
  options?: Parameters<typeof createCatalog>[0],
): Promise<void> => {
  const catalog = createCatalog(options);
  const heard: Catalog[] = [];
  catalog.subscribe((current) => heard.push(current));
  try {
    await test({
      ...catalog,
      get current() {
        return catalog.current;
      },
      heard,
    });
  } finally {
    catalog.close();
  }
};

describe("createCatalog", () => {
  it("knows who serves what, and forgets whoever says goodbye", () =>
    withCatalog((catalog) => {
      catalog.onAnnouncement(announce("w2", ["x"]));
      catalog.onAnnouncement(announce("w1", ["x", "y"]));
      assert.deepEqual(catalog.current.workers, [
        { id: "w1", types: ["a.x", "a.y"] },
        { id: "w2", types: ["a.x"] },
      ]);
      assert.deepEqual(["a.x", "a.y", "a.z"].map(catalog.workersFor), [2, 1, 0]);
      catalog.onAnnouncement({ ...announce("w1", ["x", "y"]), goodbye: true });
      assert.deepEqual(["a.x", "a.y"].map(catalog.workersFor), [1, 0]);
      assert.equal(catalog.handler("a.y")?.type, "a.y", "for what waits until it is back");
      catalog.onAnnouncement({ ...announce("nobody", []), goodbye: true });
      assert.equal(catalog.current.workers.length, 1);
    }));

  it("takes no goodbye of a life that a worker has left behind", () =>
    withCatalog((catalog) => {
      const of = (id: string, goodbye = false) => (
        { ...announce("w1", ["x"]), life: { id, nth: 1 }, goodbye }
      );
      catalog.onAnnouncement(of("first"));
      catalog.onAnnouncement(of("second"));
      catalog.onAnnouncement(of("first", true));
      assert.equal(catalog.workersFor("a.x"), 1);
      catalog.onAnnouncement(of("second", true));
      assert.equal(catalog.workersFor("a.x"), 0);
      catalog.onAnnouncement(of("third"));
      catalog.onAnnouncement({ ...announce("w1", ["x"]), goodbye: true });
      assert.equal(catalog.workersFor("a.x"), 0, "its own goodbye is of all of them");
    }));

  it("takes a goodbye for what came before it in its life, in whichever order they are heard", () =>
    withCatalog((catalog) => {
      const say = (nth: number, goodbye = false) =>
        catalog.onAnnouncement({ ...announce("w1", ["x"]), life: { id: "one", nth }, goodbye });
      const workersAfter = (nth: number, goodbye = false) => {
        say(nth, goodbye);
        return catalog.workersFor("a.x");
      };
      say(1, true);
      assert.equal(workersAfter(1), 0, "a worker that was killed while it said it");
      assert.equal(workersAfter(3), 1);
      assert.equal(workersAfter(2, true), 1, "it was heard later than another");
      assert.equal(workersAfter(3, true), 0);
      assert.equal(workersAfter(3), 0);
      assert.equal(workersAfter(4), 1, "it is there after all");
    }));

  it("tells of changes, and of nothing else, until nobody wants to hear", () =>
    withCatalog((catalog) => {
      let times = 0;
      const unsubscribe = catalog.subscribe(() => times++);
      for (let i = 0; i < 3; i++) catalog.onAnnouncement(announce("w1", ["x"]));
      unsubscribe();
      catalog.onAnnouncement(announce("w1", ["y"]));
      assert.deepEqual([times, catalog.heard.length], [1, 2]);
      assert.equal(catalog.heard[1], catalog.current);
    }));

  it("shows the higher version while two differ, with every handler that anybody serves", () =>
    withCatalog((catalog) => {
      catalog.onAnnouncement(announce("w1", ["x", "old"], { version: "1.9.0", title: "before" }));
      catalog.onAnnouncement(announce("w2", ["x", "new"], { version: "1.10.0", title: "after" }));
      const [plugin] = catalog.current.plugins;
      assert.equal(plugin?.version, "1.10.0");
      const shown = plugin.handlers.map(({ type, title }) => [type, title]);
      assert.deepEqual(shown, [["a.x", "after"], ["a.new", "after"], ["a.old", "before"]]);
      assert.equal(catalog.handler("a.old")?.title, "before");
    }));

  it("lists a broken file once, however many workers report it", () =>
    withCatalog((catalog) => {
      const broken = [{ file: "b.ts", line: 3, message: "Unexpected }" }];
      for (const worker of ["w1", "w2"]) catalog.onAnnouncement(announce(worker, [], { broken }));
      assert.deepEqual(catalog.current.broken, broken);
    }));

  it("forgets a worker that has been silent for 15 seconds", () => {
    let now = 0;
    return withCatalog(async (catalog) => {
      catalog.onAnnouncement(announce("silent", ["x"]));
      now = 10_000;
      catalog.onAnnouncement(announce("alive", ["x"]));
      now = 15_001;
      await until(() => catalog.workersFor("a.x") === 1);
      assert.deepEqual(catalog.heard.at(-1)?.workers.map(({ id }) => id), ["alive"]);
    }, { now: () => now });
  });
});
