import assert from "node:assert/strict";
import { it } from "node:test";
import type { Catalog, HandlerEntry } from "../../../common/schemas/catalog.ts";
import { createFakeBackend, READY } from "./_fakeBackend.ts";
import { createFakeStorage } from "./_fakeStorage.ts";
import type { BenchModel } from "./benchModel.ts";
import { createPageModel } from "./pageModel.ts";
import { routeTo } from "./routeModel.ts";

const entry = (type: string, properties = { a: { type: "number" } }): HandlerEntry => ({
  type,
  streams: false,
  idempotent: false,
  concurrency: 1,
  input: { type: "object", properties, required: ["a"] },
  output: {},
});

const catalogOf = (...handlers: HandlerEntry[]): Catalog => ({
  workers: [{ id: "w1", types: handlers.map(({ type }) => type) }],
  plugins: [{ name: "p", handlers }],
  broken: [],
});

/** What stands in a single control of a bench's form. */
const leafOf = (bench: BenchModel | undefined, name = "a") => {
  const body = bench?.form.value.root.body;
  assert.ok(body?.kind === "object");
  const field = body.parts.value.find((part) => part.field.name === name);
  assert.ok(field?.body.kind === "leaf");
  return { field, leaf: field.body };
};

const setUp = (hash = "") => {
  const backend = createFakeBackend();
  const source = Object.assign(new EventTarget(), { location: { hash } });
  const storage = () => createFakeStorage();
  const page = createPageModel({ ...backend, window: source, schedule() {}, storage, id: "x" });
  const goTo = (next: string) => {
    source.location.hash = next;
    source.dispatchEvent(new Event("hashchange"));
  };
  const announce = (...handlers: HandlerEntry[]) =>
    backend.say({ kind: "catalog", catalog: catalogOf(...handlers) });
  const shown = () => page.bench.value?.entry.value.type;
  return { backend, page, goTo, announce, shown };
};

it("asks for the catalog on every connection, and keeps it in between", () => {
  const { backend, page, announce } = setUp();
  backend.moveTo(READY);
  assert.deepEqual(backend.sent, [{ kind: "watch" }]);
  announce(entry("p.one"));
  assert.equal(page.catalog.workersFor("p.one"), 1);
  assert.equal(page.catalog.workersFor("p.two"), 0);
  backend.moveTo({ at: "connecting", reason: "lost" });
  assert.deepEqual(page.catalog.connection.value, { at: "connecting", reason: "lost" });
  assert.equal(page.catalog.gateway.value.resumeMs, 1, "and what the gateway said of itself");
  assert.ok(page.catalog.handlers.value.has("p.one"));
  backend.moveTo(READY);
  assert.deepEqual(backend.sent, [{ kind: "watch" }, { kind: "watch" }]);
});

it("shows the handler the address names, as soon as it is known", () => {
  const { page, goTo, announce, shown } = setUp(routeTo("p.one"));
  assert.equal(shown(), undefined);
  announce(entry("p.one"), entry("p.two"));
  assert.equal(shown(), "p.one");
  goTo("#/p.two");
  assert.equal(shown(), "p.two");
  goTo("#/p.%");
  assert.equal(shown(), undefined);
  assert.equal(page.route.selected.value, "p.%");
});

it("keeps what was typed while other handlers are shown and catalogs come and go", () => {
  const { page, goTo, announce } = setUp("#/p.one");
  announce(entry("p.one"), entry("p.two"));
  const bench = page.bench.value;
  leafOf(bench).leaf.edit("5");
  goTo("#/p.two");
  goTo("#/p.one");
  announce();
  assert.equal(page.bench.value, bench, "though no worker serves it now");
  announce({ ...entry("p.one"), title: "One" });
  assert.equal(page.bench.value?.entry.value.title, "One");
  assert.equal(leafOf(page.bench.value).leaf.text.value, "5");
});

it("makes a new form for a new schema, and keeps what still fits", () => {
  const { page, announce } = setUp("#/p.one");
  announce(entry("p.one"));
  const before = page.bench.value?.form.value;
  leafOf(page.bench.value).leaf.edit("5");
  const properties = { a: { type: "number" }, b: { type: "number" } };
  announce(entry("p.one", properties));
  const after = page.bench.value?.form.value;
  assert.notEqual(after, before);
  const texts = ["a", "b"].map((name) => leafOf(page.bench.value, name).leaf.text.value);
  assert.deepEqual(texts, ["5", ""]);
});

it("sends only a form that can be read, and shows issues at their fields", async () => {
  const { page, backend, announce } = setUp("#/p.one");
  announce(entry("p.one"));
  const bench = page.bench.value;
  assert.ok(bench);
  const { field, leaf } = leafOf(bench);
  assert.equal(bench.start(), false);
  leaf.edit("5");
  assert.equal(bench.start(), true);
  assert.deepEqual(backend.calls.map(({ payload }) => payload), [{ a: 5 }]);
  const settled = new Promise<void>((resolve) =>
    bench.run.state.subscribe(({ at }) => at === "failed" && resolve())
  );
  const details = { issues: [{ path: "a", message: "Too small" }] };
  const message = "It does not parse.";
  backend.calls[0]?.push({
    kind: "error",
    code: "INVALID_REQUEST",
    message,
    retryable: false,
    details,
  });
  await settled;
  assert.deepEqual(field.problems.value, ["Too small"]);
});

it("fills the form with the input that the address has, once", () => {
  const { page, goTo, announce } = setUp(routeTo("p.one", '{"a":5}'));
  announce(entry("p.one"));
  const { leaf } = leafOf(page.bench.value);
  assert.equal(leaf.text.value, "5");
  leaf.edit("6");
  announce({ ...entry("p.one"), title: "One" });
  assert.equal(leaf.text.value, "6");
  goTo(routeTo("p.one", '{"a":7}'));
  assert.equal(leaf.text.value, "7");
});

it("knows what runs, whatever is shown", async () => {
  const { page, backend, goTo, announce } = setUp("#/p.one");
  const running = () => [...page.underWay.value].map(([type, runs]) => [type, runs.length]);
  announce(entry("p.one"), entry("p.two"));
  const settled = page.bench.value?.run.start("p.one", undefined);
  assert.deepEqual(running(), [["p.one", 1]]);
  goTo("#/p.two");
  assert.deepEqual(running(), [["p.one", 1]]);
  backend.calls[0]?.push({ kind: "end", seq: 0, data: 1 });
  await settled;
  assert.deepEqual(running(), []);
});

it("stops listening when it is disposed of", () => {
  const { page, backend, goTo, announce } = setUp("#/p.one");
  page.dispose();
  assert.equal(backend.listeners.size, 0);
  announce(entry("p.one"));
  goTo("#/p.two");
  assert.equal(page.route.selected.value, "p.one");
  assert.equal(page.bench.value, undefined);
});
