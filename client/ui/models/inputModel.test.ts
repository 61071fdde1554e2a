import assert from "node:assert/strict";
import { it } from "node:test";
import { signal } from "@preact/signals";
import { createFakeStorage } from "./_fakeStorage.ts";
import { createInputModel } from "./inputModel.ts";
import { createSavedInputs } from "./savedInputs.ts";

const SECRET = "hunter2";
const entry = {
  type: "a.b",
  streams: false,
  idempotent: false,
  concurrency: 1,
  output: {},
  input: {
    type: "object",
    properties: {
      n: { type: "number", examples: [1], default: 2 },
      key: { type: "string", secret: true },
      file: { type: "string", format: "binary" },
    },
  },
};

const setUp = () => {
  const storage = createFakeStorage();
  /** What a person finds who opens the page anew. */
  const open = (link = "") => {
    const pending: (() => void)[] = [];
    const input = createInputModel(entry, {
      id: "x",
      maxBytes: () => 10,
      issues: signal([]),
      saved: createSavedInputs(() => storage, "p"),
      schedule: (save) => pending.push(save),
    });
    if (link) input.openLink(link);
    const type = (value: unknown) => input.form.value.fill(value);
    const save = () => pending.splice(0).forEach((callback) => callback());
    const shown = () => (input.form.value.root.read("send").value as { n?: number }).n;
    return { input, type, save, shown };
  };
  return { storage, open };
};

it("begins with a link, or a draft, or what was run last, or an example", () => {
  const { open } = setUp();
  const first = open();
  assert.equal(first.shown(), 1);
  first.type({ n: 3 });
  first.input.ran();
  first.save();
  const second = open();
  assert.equal(second.shown(), 3);
  second.type({ n: 4 });
  second.save();
  assert.equal(open().shown(), 4);
  assert.equal(open('{"n":5}').shown(), 5);
});

it("goes on with the draft that was made of a link, when that is opened again", () => {
  const { open } = setUp();
  const first = open('{"n":5}');
  first.type({ n: 6 });
  first.save();
  assert.equal(open('{"n":5}').shown(), 6);
  assert.equal(open('{"n":7}').shown(), 7);
});

it("has no draft of what it would begin with anyway", () => {
  const { storage, open } = setUp();
  open().save();
  assert.equal(storage.items.size, 0);
  const { type, input, save } = open();
  type({ n: 4 });
  save();
  input.reset();
  save();
  assert.equal(storage.items.size, 0);
});

it("opens again what was run before", () => {
  const { open } = setUp();
  const { input, type, shown } = open();
  for (const n of [3, 4]) {
    type({ n });
    input.ran();
  }
  assert.deepEqual(input.earlier.value.map(({ json }) => json), ['{"n":4}', '{"n":3}']);
  input.open('{"n":3}');
  assert.equal(shown(), 3);
  input.open("no input");
  assert.equal(shown(), 3);
});

it("stores neither secrets nor bytes, and a link to it has none", () => {
  const { storage, open } = setUp();
  const { input, type, save } = open();
  type({ n: 3, key: SECRET, file: new TextEncoder().encode(SECRET) });
  save();
  input.form.value.toggleJson();
  save();
  input.ran();
  save();
  assert.equal(input.form.value.stored.value, '{"n":3}');
  const stored = [...storage.items.values()].join();
  assert.match(stored, /n.*3/);
  assert.doesNotMatch(stored, new RegExp(`${SECRET}|key|file`));
});
