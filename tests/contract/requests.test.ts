import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createMakeBackendRequest, createWebsocketClient } from "../../client/client.ts";
import { createTestPlugin } from "../harness/createTestPlugin.ts";
import { failureOf } from "../harness/failureOf.ts";
import { ENGINES, skipWithout, startSystem, type System } from "../harness/startSystem.ts";

for (const engine of ENGINES) {
  describe(`requests over the ${engine} engine`, () => {
    const { plugin, type } = createTestPlugin();
    const option = skipWithout(engine);
    let system: System;
    before(async () => {
      if (!option.skip) system = await startSystem({ engine, plugins: [plugin] });
    });
    after(() => system?.stop());

    it("give each caller its own answer, many clients at once", option, async () => {
      const clients = Array.from({ length: 8 }, () => system.connect());
      const asked = clients.flatMap(({ request }, client) =>
        Array.from({ length: 50 }, async (_, n) => {
          const payload = { client, n, text: "ü€😀" };
          assert.deepEqual(await request(type("echo"), payload), payload);
        })
      );
      await Promise.all(asked);
      for (const { socket } of clients) socket.close();
    });

    it("keep two clients apart that use the same request id", option, async () => {
      const { socket: one } = system.connect();
      const { socket: two } = system.connect();
      const answers = await Promise.all([one, two].map((socket, n) =>
        new Promise((resolve) => {
          socket.subscribe({
            onState: (state) => {
              if (state.at !== "ready") return;
              socket.send({ kind: "request", id: "same", type: type("echo"), payload: n });
            },
            onMessage: (message) => message.kind === "end" && resolve(message.data),
          });
          socket.connect();
        })
      ));
      assert.deepEqual(answers, [0, 1]);
    });

    it("carry bytes both ways, alone and nested, more than ten of them", option, async () => {
      const { request } = system.connect();
      const bytes = Uint8Array.from({ length: 300 }, (_, n) => n);
      const payload = { list: Array.from({ length: 25 }, () => bytes), deep: { bytes } };
      assert.deepEqual(await request(type("echo"), payload), payload);
      assert.deepEqual(await request(type("echo"), bytes), bytes);
    });

    it("answer null for nothing", option, async () => {
      assert.equal(await system.connect().request(type("echo"), undefined), null);
    });

    it("refuse a payload of 5 MB by the limit, and say so", option, async () => {
      const { request } = system.connect();
      const error = await failureOf(request(type("echo"), new Uint8Array(5_000_000)));
      assert.equal(error.code, "TOO_LARGE");
      assert.match(
        error.message,
        /5000002 bytes are more than the 1048576 allowed.*MAX_PAYLOAD_BYTES/,
      );
      assert.equal(await request(type("echo"), "still there"), "still there");
    });

    it("refuse a large payload of a client that does not check it itself", option, async () => {
      const { socket, request } = system.connect();
      await request(type("echo"), 1);
      const refused = new Promise((resolve) => {
        socket.subscribe({
          onMessage: (message) => message.kind === "error" && resolve(message.code),
        });
      });
      const payload = "x".repeat(1_500_000);
      socket.send({ kind: "request", id: "big", type: type("echo"), payload });
      assert.equal(await refused, "TOO_LARGE");
      assert.equal(await request(type("echo"), 2), 2);
    });

    it("name the place where a payload is wrong", option, async () => {
      const error = await failureOf(system.connect().request(type("work"), { ms: "soon" }));
      assert.equal(error.code, "INVALID_REQUEST");
      assert.equal(error.retryable, false);
      const { issues } = error.details as { issues: { path: string }[] };
      assert.deepEqual(issues.map(({ path }) => path), ["ms"]);
    });

    it("keep the text of what a handler threw in the log", option, async () => {
      const error = await failureOf(system.connect().request(type("throws")));
      assert.equal(error.code, "HANDLER_FAILED");
      assert.doesNotMatch(JSON.stringify(error), /secret/);
      const { reference } = error.details as { reference: string };
      const line = system.log.find((entry) => entry.reference === reference);
      assert.match(String(line?.error), /the secret of the handler/);
      assert.equal(line?.requestId, error.requestId);
    });

    it("pass on the failure that a handler chose", option, async () => {
      const error = await failureOf(system.connect().request(type("refuses")));
      assert.equal(error.code, "NOT_FOUND");
      assert.equal(error.message, "There is no such thing.");
      assert.equal(error.retryable, true);
      assert.deepEqual(error.details, { looked: "everywhere" });
    });

    it("let out only what the output schema declares", option, async () => {
      const { request } = system.connect();
      assert.equal((await failureOf(request(type("lies")))).code, "INVALID_RESPONSE");
      assert.deepEqual(await request(type("leaks")), { shown: 1 });
    });

    it(
      "settle whatever a handler gives, throws or reports, and harm no neighbour",
      option,
      async () => {
        const { request } = system.connect();
        const kinds = ["toJSON", "getter", "cycle", "bigint", "map", "nan", "proto"];
        const outcomes = kinds.map((kind) => failureOf(request(type("awkward"), kind)));
        const neighbours = kinds.map((kind) => request(type("echo"), kind));
        assert.deepEqual(await Promise.all(neighbours), kinds);
        for (const error of await Promise.all(outcomes)) {
          assert.equal(error.code, "INVALID_RESPONSE");
        }
        assert.equal((await failureOf(request(type("awkward"), "thrown"))).code, "HANDLER_FAILED");
        assert.equal((await failureOf(request(type("awkward"), "code"))).code, "HANDLER_FAILED");
        assert.equal((await failureOf(request(type("awkward"), "long"))).message.length, 4_000);
        assert.equal(await request(type("awkward"), "progress"), "fine");
      },
    );

    it("of an unknown type are told what there is instead", option, async () => {
      const { request } = system.connect();
      const misspelt = await failureOf(request(`${plugin.name}.ecko`));
      assert.equal(misspelt.code, "NO_HANDLER");
      assert.match(misspelt.message, new RegExp(`${plugin.name}.echo`));
      assert.equal((await failureOf(request("nobody.home"))).code, "NO_HANDLER");
    });

    it("may call other handlers", option, async () => {
      assert.equal(await system.connect().request(type("sumOf"), [1, 2, 3, 4]), 10);
    });

    it("can be followed through gateway and worker by their id", option, async () => {
      const pending = system.connect().request(type("sumOf"), [1]);
      await pending;
      const lines = system.log.filter(({ requestId }) => String(requestId).startsWith(pending.id));
      const who = lines.map(({ message, worker, requestId }) =>
        [
          message,
          worker ? "worker" : "gateway",
          String(requestId).slice(pending.id.length),
        ].join(" ").trim()
      );
      assert.deepEqual(who.filter((line) => /^(request|running|settled)/.test(line)), [
        "request gateway",
        "running worker",
        "running worker .1",
        "settled worker .1",
        "settled worker",
        "settled gateway",
      ]);
    });

    it("report progress and log lines to their caller", option, async () => {
      const seen: unknown[] = [];
      const kinds: string[] = [];
      await system.connect().request(type("chatty"), null, {
        onProgress: ({ fraction, message }) => seen.push([fraction, message]),
        onLog: ({ level, message, fields }) => seen.push([level, message, fields]),
        onResponse: ({ kind }) => kinds.push(kind),
      });
      assert.deepEqual(seen, [["info", "halfway there", { step: 1 }], [0.5, "half"]]);
      assert.deepEqual(kinds.filter((kind) => kind !== "accepted"), ["log", "progress", "end"]);
    });

    it("wait for a gateway that is not there yet", option, async () => {
      const socket = createWebsocketClient({ url: system.url });
      const request = createMakeBackendRequest(socket);
      assert.equal(socket.state.at, "idle");
      assert.equal(await request(type("echo"), "first"), "first");
      assert.equal(socket.state.at, "ready");
      socket.close();
      assert.equal(await request(type("echo"), "again"), "again");
      socket.close();
    });

    it("settle when their connection is closed under them", option, async () => {
      const { socket, request } = system.connect();
      const running = failureOf(request(type("hold"), "closed"));
      await request(type("echo"), 1);
      socket.close();
      assert.equal((await running).code, "CONNECTION_LOST");
    });
  });
}
