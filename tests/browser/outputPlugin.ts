import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { bytes, definePlugin, handler, RequestError } from "plugboard";
import * as v from "valibot";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFElEQVR4nGNkYPjPgA0wYRUdtBIAO/8BD03XNPcAAAAASUVORK5CYII=",
  "base64",
);
const SVG =
  `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><script>document.title="owned"</script><circle cx="20" cy="20" r="18" fill="teal"/></svg>`;
const DOCUMENT = [
  "# Report\n\nAll **well**, as of *today*: [the site](https://example.org/a), ",
  "[a trap](javascript:alert(1)) and <img src=x onerror=alert(1)>.\n\n",
  "- one\n- two\n  - deeper\n\n| name | count |\n|---|---|\n| a | 1 |\n\n```\nlet x = 1;\n```\n\n> quoted\n",
];

const count = (initial: number) => v.optional(v.pipe(v.number(), v.title("Count")), initial);
const row = (n: number, total: number) => ({
  id: n,
  name: `row ${n}`,
  score: (n * 7_919) % total,
  url: n % 2 === 0 ? `https://example.org/${n}` : "none",
});

/** Makes a plugin whose handlers give every kind of output, under a name of its own. */
export const createOutputPlugin = () => {
  // Hexadecimal: a field's name, by which a test finds it, must not be in it by chance.
  const name = `o${randomUUID().slice(0, 8)}`;
  let attempts = 0;
  const plugin = definePlugin({
    name,
    title: "Kinds of output",
    handlers: {
      terminal: handler({
        input: v.object({ count: count(50) }),
        chunk: v.string(),
        async *handle({ count }) {
          for (let n = 0; n < count; n++) {
            yield `\x1b[3${n % 8}mline ${n}\x1b[0m is \x1b[1mbold\x1b[22m`;
            if (n % 100 === 0) await delay(1);
          }
          yield "https://example.org/end";
        },
      }),
      /** Parts of one text, a colour of which goes through two. */
      parts: handler({
        input: v.object({}),
        chunk: v.pipe(v.string(), v.metadata({ contentMediaType: "text/plain" })),
        async *handle() {
          yield* ["all \x1b[31mre", "d\x1b[0m again\n"];
        },
      }),
      document: handler({
        input: v.object({}),
        chunk: v.pipe(v.string(), v.metadata({ contentMediaType: "text/markdown" })),
        async *handle() {
          yield* DOCUMENT;
        },
      }),
      tree: handler({
        input: v.object({}),
        output: v.unknown(),
        handle: () => ({
          title: "a tree",
          link: "https://example.org/tree",
          many: Array.from({ length: 1_000 }, (_, n) => ({ n, inner: { deep: [n, [n + 1]] } })),
          picture: new Uint8Array(PNG),
          nothing: null,
          ok: true,
        }),
      }),
      rows: handler({
        input: v.object({ count: count(100_000) }),
        output: v.unknown(),
        handle: ({ count }) => Array.from({ length: count }, (_, n) => row(n, count)),
      }),
      picture: handler({
        input: v.object({ kind: v.picklist(["png", "svg", "bin"]) }),
        output: bytes(),
        handle: ({ kind }) =>
          new Uint8Array(kind === "png" ? PNG : Buffer.from(kind === "svg" ? SVG : "\0\x01\x02")),
      }),
      load: handler({
        input: v.object({ count: count(60) }),
        chunk: v.object({
          time: v.string(),
          cpu: v.pipe(v.number(), v.title("Processor")),
          memory: v.pipe(v.number(), v.title("Memory")),
        }),
        async *handle({ count }, { signal }) {
          for (let n = 0; n < count; n++) {
            const time = new Date(1_750_000_000_000 + n * 1_000).toISOString();
            yield { time, cpu: 0.5 + 0.4 * Math.sin(n / 5), memory: 8e9 + n * 1e7 };
            await delay(10, undefined, { signal });
          }
        },
      }),
      /** So many chunks a second, for so many seconds. */
      flood: handler({
        input: v.object({
          perSecond: v.number(),
          seconds: v.number(),
          kind: v.picklist(["text", "rows"]),
        }),
        chunk: v.unknown(),
        async *handle({ perSecond, seconds, kind }, { signal }) {
          const startedAt = performance.now();
          for (let n = 0; n < perSecond * seconds; n++) {
            const ahead = (n / perSecond) * 1_000 - (performance.now() - startedAt);
            if (ahead > 5) await delay(ahead, undefined, { signal });
            yield kind === "text" ? `chunk ${n}` : row(n, 1_000);
          }
        },
        timeoutMs: 120_000,
      }),
      count: handler({
        input: v.object({ to: v.number(), everyMs: v.number() }),
        chunk: v.string(),
        idempotent: true,
        async *handle({ to, everyMs }, { signal }) {
          for (let n = 0; n < to; n++) {
            yield `number ${n}`;
            if (everyMs > 0) await delay(everyMs, undefined, { signal });
          }
        },
      }),
      steps: handler({
        input: v.object({ ms: v.number() }),
        output: v.string(),
        concurrency: 1,
        async handle({ ms }, { progress, log, signal }) {
          const steps = 20;
          log.debug("getting ready");
          for (let n = 0; n < steps; n++) {
            progress(n / steps, `step ${n + 1} of ${steps}`);
            log.info("a step is done", { n });
            if (n === 3) log.warn("this step was slow");
            if (n === 5) log.error("this step went wrong");
            await delay(ms / steps, undefined, { signal });
          }
          return "done";
        },
      }),
      fails: handler({
        input: v.object({ code: v.string() }),
        output: v.string(),
        handle({ code }) {
          if (attempts++ % 2 > 0) return "worked this time";
          throw new RequestError(code, "Full for now.", { retryable: true });
        },
      }),
      nothing: handler({ input: v.object({}), output: v.null(), handle: () => null }),
      late: handler({
        input: v.object({}),
        output: v.null(),
        timeoutMs: 300,
        handle: (_, { signal }) => delay(60_000, null, { signal }),
      }),
    },
  });
  return { plugin, type: (key: keyof typeof plugin.handlers): string => `${name}.${key}` };
};
