import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { definePlugin, handler } from "plugboard";
import * as v from "valibot";
import { type JsonSchema, PluginEntry } from "../common/schemas/catalog.ts";
import { describePlugin } from "./describePlugin.ts";
import { describeSchema } from "./describeSchema.ts";

describe("describePlugin", () => {
  it("tells what there is to know of each handler, defaults included, in a form that can be sent", () => {
    const plugin = definePlugin({
      name: "a",
      title: "A",
      version: "1.0.0",
      handlers: {
        once: handler({ input: v.null(), output: v.number(), handle: () => 1 }),
        often: handler({
          input: v.null(),
          chunk: v.string(),
          idempotent: true,
          timeoutMs: 5,
          concurrency: 2,
          handle: () => [],
        }),
      },
    });
    const entry = v.parse(PluginEntry, JSON.parse(JSON.stringify(describePlugin(plugin))));
    assert.deepEqual([entry.name, entry.title, entry.version], ["a", "A", "1.0.0"]);
    const [once, often] = entry.handlers;
    assert.deepEqual(
      [once?.type, once?.streams, once?.idempotent, once?.concurrency, once?.output.type],
      ["a.once", false, false, 16, "number"],
    );
    assert.deepEqual(
      [often?.type, often?.streams, often?.idempotent, often?.concurrency, often?.timeoutMs],
      ["a.often", true, true, 2, 5],
    );
    assert.equal(often?.output.type, "string");
  });
});

describe("describeSchema", () => {
  it("writes titles, bounds, defaults and what must be given", () => {
    const schema = v.object({
      n: v.pipe(v.number(), v.minValue(2), v.title("N")),
      mode: v.optional(v.picklist(["a", "b"]), "a"),
    });
    const described = describeSchema(schema, "input");
    assert.deepEqual(described.properties, {
      n: { type: "number", minimum: 2, title: "N" },
      mode: { type: "string", enum: ["a", "b"], default: "a" },
    });
    assert.deepEqual(described.required, ["n"]);
  });

  it("writes bytes as OpenAPI does, also deep inside and under names of their own", () => {
    const binary = { type: "string", format: "binary" };
    const schema = v.object({ file: v.array(v.instance(Uint8Array)) });
    const { properties } = describeSchema(schema, "input");
    assert.deepEqual(properties, { file: { type: "array", items: binary } });
    assert.equal(describeSchema(v.instance(Buffer), "output").format, "binary");
  });

  it("tells what goes in from what comes out, where a schema transforms", () => {
    const schema = v.pipe(v.string(), v.transform(Number), v.number());
    assert.equal(describeSchema(schema, "input").type, "string");
    assert.equal(describeSchema(schema, "output").type, "number");
  });

  it("never throws, and leaves out what JSON cannot say", () => {
    const list: v.GenericSchema = v.lazy(() => v.array(list));
    const odd = [
      v.bigint(),
      v.map(v.string(), v.date()),
      v.function(),
      list,
      v.optional(v.bigint(), 1n),
      v.pipe(v.string(), v.metadata({ examples: [() => {}, 1n] })),
      v.pipe(
        v.string(),
        v.trim(),
        v.check((text) => text !== ""),
        v.brand("B"),
        v.transform(Number),
      ),
      v.custom(() => true),
      v.file(),
      v.set(v.symbol()),
    ];
    for (const schema of odd) {
      const described = describeSchema(schema, "input");
      assert.deepEqual(JSON.parse(JSON.stringify(described)), described);
    }
  });

  it("names what JSON has no type for, and loses nothing around it", () => {
    const schema = v.object({
      day: v.date(),
      big: v.optional(v.bigint(), 1n),
      tags: v.set(v.string()),
      name: v.optional(v.string(), "Ann"),
      photo: v.file(),
    });
    assert.deepEqual(describeSchema(schema, "input").properties, {
      day: { $comment: "date" },
      big: { $comment: "bigint" },
      tags: { $comment: "set" },
      name: { type: "string", default: "Ann" },
      photo: { type: "string", format: "binary", $comment: "file" },
    });
  });

  it("keeps what is said of a field after it was transformed, and that it is secret", () => {
    const port = v.pipe(v.string(), v.transform(Number), v.title("Port"));
    const key = v.pipe(v.string(), v.transform(String), v.metadata({ secret: true }));
    const tree: v.GenericSchema = v.object({
      ports: v.array(v.pipe(port, v.description("Free."))),
      key: v.nullable(key),
      children: v.array(v.lazy(() => tree)),
    });
    const { $defs } = describeSchema(v.lazy(() => tree), "input");
    const self = { $ref: "#/$defs/0" };
    assert.deepEqual(($defs as Record<string, JsonSchema>)["0"]?.properties, {
      ports: { type: "array", items: { type: "string", title: "Port", description: "Free." } },
      key: { anyOf: [{ type: "string", secret: true }, { type: "null" }] },
      children: { type: "array", items: self },
    });
  });

  it("tells a time of a zone from one of none", () => {
    const formats = [v.isoTimestamp(), v.isoDateTime(), v.isoTime(), v.isoTimeSecond()]
      .map((action) => describeSchema(v.pipe(v.string(), action), "input").format);
    assert.deepEqual(formats, ["date-time", "date-time-local", "time", "time"]);
  });
});
