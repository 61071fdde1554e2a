import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import * as v from "valibot";
import { type LogRecord, type Status, TOLD } from "../../common/schemas/topics.ts";
import { createTestPlugin } from "../harness/createTestPlugin.ts";
import { failureOf } from "../harness/failureOf.ts";
import { ENGINES, skipWithout, startSystem, type System } from "../harness/startSystem.ts";
import { until } from "../harness/until.ts";

for (const engine of ENGINES) {
  describe(`who watches a gateway over the ${engine} engine`, () => {
    const { plugin, type } = createTestPlugin();
    const option = skipWithout(engine);
    let system: System;
    before(async () => {
      if (!option.skip) system = await startSystem({ engine, plugins: [plugin] });
    });
    after(() => system?.stop());

    /** One more client that watches, and what it was told. */
    const watch = () => {
      const { socket, request } = system.connect();
      const statuses: Status[] = [];
      const records: LogRecord[] = [];
      socket.subscribe({
        onState(state) {
          if (state.at !== "ready") return;
          socket.send({ kind: "watch", topic: "status" });
          socket.send({ kind: "watch", topic: "records" });
        },
        onMessage(message) {
          if (message.kind !== "told") return;
          if (message.topic === "status") statuses.push(v.parse(TOLD.status, message.told));
          else records.push(...v.parse(TOLD.records, message.told).records);
        },
      });
      socket.connect();
      return { socket, request, statuses, records };
    };

    it("is told what ended how, what runs, and what waits for a worker", option, async () => {
      const { request } = system.connect();
      await Promise.all([request(type("echo"), 1), request(type("echo"), 2)]);
      await failureOf(request(type("throws")));
      const works = Array.from({ length: 5 }, () => request(type("work"), { ms: 400_000 }));
      const outcomes = Promise.allSettled(works);
      const { statuses } = watch();
      await until(() => statuses.at(-1)?.queued === 3, { what: "three of five to be queued" });
      const status = statuses.at(-1)!;
      const row = (name: Parameters<typeof type>[0]) =>
        status.types.find((one) => one.type === type(name));
      assert.equal(row("echo")?.ok, 2);
      assert.ok(row("echo")!.p99! < 10_000);
      assert.deepEqual(row("throws")?.codes, { HANDLER_FAILED: 1 });
      assert.equal(row("work")?.queued, 3);
      assert.equal(status.inFlight, 5);
      for (const work of works) work.cancel();
      await outcomes;
      await until(() => statuses.at(-1)?.types.some((one) => one.cancelled === 5) ?? false);
      const last = statuses.at(-1)!;
      assert.deepEqual([last.queued, last.inFlight, last.peers], [0, 0, 0]);
      assert.equal(last.gateway, status.gateway);
    });

    it("sees ids, codes and durations in the log, and no word of a payload", option, async () => {
      const { request } = system.connect();
      const [one, other] = [watch(), watch()];
      const failing = request(type("throws"), "a payload");
      await failureOf(failing);
      await request(type("chatty"), "a payload");
      const isOurs = ({ fields }: LogRecord) => fields?.requestId === failing.id;
      for (const { records } of [one, other]) {
        await until(() => records.some((record) => isOurs(record) && record.fields?.code));
        const text = JSON.stringify(records);
        assert.doesNotMatch(text, /a payload|secret of the handler|halfway/);
      }
    });

    it("sees what its own page logs, and of no other page's", option, async () => {
      const [one, other] = [watch(), watch()];
      await until(() => other.statuses.length > 0 && one.statuses.length > 0);
      const entry = { level: "error" as const, time: 1, message: "typed: my words" };
      one.socket.send({ kind: "log", entries: [entry] });
      await until(() => one.records.some(({ message }) => message === entry.message));
      const sentinel = failureOf(other.request(type("throws")));
      await sentinel;
      await until(() => other.records.some(({ n }) => n > one.records.at(-1)!.n - 1));
      assert.doesNotMatch(JSON.stringify(other.records), /my words/);
    });
  });
}
