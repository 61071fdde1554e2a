import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { HandlerEntry } from "../../../common/schemas/catalog.ts";
import { createFakeBackend } from "./_fakeBackend.ts";
import { createFakeStorage } from "./_fakeStorage.ts";
import { createPageModel, type Scope } from "./pageModel.ts";
import { readEmbedding } from "./readEmbedding.ts";
import { type HandlerResult, reportResults } from "./reportResults.ts";
import { createOwnHash, routeTo } from "./routeModel.ts";

const entry = (type: string): HandlerEntry => ({
  type,
  streams: false,
  idempotent: false,
  concurrency: 1,
  input: {
    type: "object",
    properties: { a: { type: "number" }, s: { type: "string", secret: true } },
  },
  output: {},
});

const setUp = (scope: Scope = {}) => {
  const backend = createFakeBackend();
  const page = createPageModel({
    ...backend,
    window: createOwnHash(),
    scope,
    schedule() {},
    storage: () => createFakeStorage(),
    id: "x",
  });
  const plugins = ["p", "q"].map((name) => ({ name, handlers: [entry(`${name}.one`)] }));
  backend.say({ kind: "catalog", catalog: { workers: [], plugins, broken: [] } });
  return { page, backend, shown: () => page.bench.value?.entry.value.type };
};

describe("a page of its own address", () => {
  it("goes where it is told, and knows that it has moved", () => {
    const { page, shown } = setUp();
    assert.equal(page.route.hasMoved(), false);
    page.route.go(routeTo("q.one"));
    assert.deepEqual([shown(), page.route.hasMoved()], ["q.one", true]);
    page.dispose();
    page.route.go(routeTo("p.one"));
    assert.equal(shown(), "q.one");
  });

  it("fills a form with a link's input once, and gives a link without secrets", () => {
    const { page } = setUp();
    page.route.go(routeTo("p.one", `{"a":5,"s":"hush"}`));
    assert.equal(page.bench.value?.form.value.stored.value, `{"a":5}`);
    page.route.go(routeTo("q.one"));
    page.route.go(routeTo("p.one", `{"a":`));
    assert.equal(page.bench.value?.form.value.stored.value, `{"a":5}`);
  });
});

describe("a page's scope", () => {
  it("can be one handler, wherever the address goes", () => {
    const { page, shown } = setUp({ handler: "p.one" });
    assert.equal(shown(), "p.one");
    page.route.go(routeTo("q.one", `{"a":5}`));
    assert.equal(shown(), "p.one");
    assert.equal(page.bench.value?.form.value.stored.value, "{}");
    page.scope.value = { handler: "q.one" };
    assert.equal(shown(), "q.one");
  });

  it("can be one plugin, whose handlers alone are listed and shown", () => {
    const { page, shown } = setUp({ plugin: "q" });
    assert.deepEqual(page.plugins.value?.map(({ name }) => name), ["q"]);
    page.route.go(routeTo("p.one"));
    assert.equal(shown(), undefined);
    page.route.go(routeTo("q.one"));
    assert.equal(shown(), "q.one");
  });

  it("can be without runs", () => {
    const { page, backend } = setUp({ handler: "p.one", readOnly: true });
    page.bench.value?.start();
    assert.equal(backend.calls.length, 0);
    page.scope.value = { handler: "p.one" };
    page.bench.value?.start();
    assert.equal(backend.calls.length, 1);
  });

  it("is read from an address that asks to be embedded, and from no other", () => {
    assert.deepEqual(readEmbedding("?handler=a.b&theme=dark"), {});
    assert.deepEqual(readEmbedding("?embed&handler=a.b&theme=dark&readonly"), {
      plugin: undefined,
      handler: "a.b",
      readOnly: true,
      theme: "dark",
    });
    assert.equal(readEmbedding("?embed&theme=pink").theme, "auto");
  });
});

describe("reportResults", () => {
  it("tells every chunk and result in its order, to the caller first", () => {
    const backend = createFakeBackend();
    const told: (HandlerResult | string)[] = [];
    const request = reportResults(backend.makeBackendRequest, (result) => void told.push(result));
    request("p.one", {}, { onResponse: ({ kind }) => void told.push(kind) });
    const [call] = backend.calls;
    call?.push({ kind: "started", worker: "w" });
    call?.push({ kind: "chunk", seq: 0, data: 1 });
    call?.push({ kind: "end", seq: 1 });
    const of = { type: "p.one", requestId: "r1" };
    assert.deepEqual(told, [
      "started",
      "chunk",
      { ...of, value: 1, done: false },
      "end",
      { ...of, value: undefined, done: true },
    ]);
  });
});
