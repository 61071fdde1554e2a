import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Status } from "../../common/schemas/topics.ts";
import { until } from "../../tests/harness/until.ts";
import { createCatalog } from "../createCatalog.ts";
import { announcement } from "../session/connectionFixture.ts";
import { createMeter } from "./createMeter.ts";
import { createStatusFeed } from "./createStatusFeed.ts";

type Depths = ReadonlyMap<string, number>;

/** Runs a test with a feed that takes a sample every few milliseconds. */
const withFeed = async (
  test: (given: ReturnType<typeof createTest>) => Promise<void>,
  queueDepths?: (types: Iterable<string>) => Promise<Depths>,
) => {
  const given = createTest(queueDepths);
  try {
    await test(given);
  } finally {
    given.close();
  }
};

const createTest = (queueDepths?: (types: Iterable<string>) => Promise<Depths>) => {
  const asked: string[][] = [];
  const catalog = createCatalog();
  catalog.onAnnouncement(announcement);
  const meter = createMeter();
  let held = 0;
  const feed = createStatusFeed({
    ...{ catalog, meter, held: () => held },
    bus: {
      queueDepths(types) {
        asked.push([...types]);
        return queueDepths?.(types) ?? Promise.resolve(new Map([["a.slow", 3]]));
      },
    },
    now: () => ({ gateway: "g1", peers: 1, clients: 2, inFlight: 4 }),
    sampleMs: 10,
  });
  const told: Status[] = [];
  const watch = () => feed.watch((status) => told.push(status));
  const hold = (count: number) => void (held = count);
  const close = () => {
    feed.close();
    catalog.close();
  };
  return { asked, meter, told, watch, hold, close };
};

describe("createStatusFeed", () => {
  it("tells who begins to watch of all that was, and asks the bus only from then on", () =>
    withFeed(async ({ asked, meter, told, watch }) => {
      meter.count("a.slow", "ok", 1);
      await until(() => meter.taken >= 3);
      assert.deepEqual(asked, []);
      watch();
      await until(() => told.length > 0);
      const { first, samples, types, queued, gateway, peers, clients, inFlight } = told[0]!;
      assert.deepEqual({ gateway, peers, clients, inFlight }, {
        ...{ gateway: "g1", peers: 1, clients: 2, inFlight: 4 },
      });
      assert.equal(first, 0);
      assert.equal(samples[0]!.ok, 1);
      assert.equal(samples[0]!.queued, undefined);
      assert.deepEqual([queued, types[0]?.queued, types[0]?.ok], [3, 3, 1]);
      assert.deepEqual(asked[0], ["a.slow"]);
    }));

  it("counts what the gateway holds back as queued", () =>
    withFeed(async ({ told, watch, hold }) => {
      hold(5);
      watch();
      await until(() => told.length > 0);
      assert.deepEqual([told[0]!.queued, told[0]!.types[0]?.queued], [8, 8]);
    }));

  it("then tells of each new sample once, until nobody watches", () =>
    withFeed(async ({ asked, meter, told, watch }) => {
      const unwatch = watch();
      await until(() => told.length >= 4);
      unwatch();
      let next = 0;
      for (const { first, samples } of told) {
        assert.equal(first, next);
        next += samples.length;
      }
      assert.equal(told.at(-1)!.samples[0]?.queued, 3);
      const [heard, taken] = [told.length, meter.taken];
      await until(() => meter.taken >= taken + 3);
      assert.equal(told.length, heard);
      const questions = asked.length;
      await until(() => meter.taken >= taken + 6);
      assert.equal(asked.length, questions);
    }));

  it("shows what waits of a type of which nothing has ended yet", () =>
    withFeed(async ({ told, watch }) => {
      watch();
      await until(() => told.length > 0);
      const nothing = { ok: 0, failed: 0, cancelled: 0, codes: {} };
      assert.deepEqual(told[0]!.types, [{ type: "a.slow", ...nothing, queued: 3 }]);
    }));

  it("goes on without what is queued while the bus cannot tell", () =>
    withFeed(async ({ told, watch }) => {
      watch();
      await until(() => told.length >= 2);
      assert.equal(told.at(-1)!.queued, undefined);
      assert.equal(told.at(-1)!.samples.length > 0, true);
    }, () => Promise.reject(new Error("no connection"))));
});
