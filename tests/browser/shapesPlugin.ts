import { bytes, definePlugin, handler } from "plugboard";
import * as v from "valibot";

type Tree = { name: string; children: Tree[] };
const Tree: v.GenericSchema<Tree> = v.object({
  name: v.string(),
  children: v.array(v.lazy(() => Tree)),
});

const Shape = v.variant("kind", [
  v.object({ kind: v.literal("circle"), radius: v.pipe(v.number(), v.maxValue(10)) }),
  v.object({ kind: v.literal("square"), side: v.pipe(v.number(), v.check((n) => n !== 13)) }),
]);

/** For tests of the form: a handler for every shape of input, and what these were given. */
export const createShapesPlugin = () => {
  const received: unknown[] = [];
  const seen = (input: unknown) => received.push(input);
  const plugin = definePlugin({
    name: "shapes",
    title: "Shapes",
    handlers: {
      plain: handler({
        title: "Plain values",
        description: "A control for each.",
        input: v.object({
          name: v.pipe(v.string(), v.minLength(2), v.title("Name"), v.examples(["Ann"])),
          mail: v.optional(v.pipe(v.string(), v.email(), v.title("Mail"))),
          site: v.optional(v.pipe(v.string(), v.url(), v.title("Site"))),
          day: v.optional(v.pipe(v.string(), v.isoDate(), v.title("Day"))),
          time: v.optional(v.pipe(v.string(), v.isoTime(), v.title("Time"))),
          exact: v.optional(v.pipe(v.string(), v.isoTimeSecond(), v.title("Exact time"))),
          meeting: v.optional(v.pipe(v.string(), v.isoDateTime(), v.title("Meeting"))),
          notes: v.optional(
            v.pipe(v.string(), v.title("Notes"), v.metadata({ multiline: true })),
          ),
          count: v.pipe(
            v.number(),
            v.integer(),
            v.minValue(1),
            v.maxValue(10),
            v.title("Count"),
            v.description("How many."),
            v.examples([3]),
          ),
          ratio: v.optional(v.pipe(v.number(), v.title("Ratio")), 0.5),
          sure: v.pipe(v.boolean(), v.title("Sure")),
          maybe: v.optional(v.pipe(v.boolean(), v.title("Maybe"))),
          colour: v.pipe(v.picklist(["red", "green", "blue"]), v.title("Colour")),
          level: v.optional(v.enum({ Low: 1, High: 2 })),
          only: v.literal("always"),
          nick: v.nullable(v.pipe(v.string(), v.title("Nickname"))),
          key: v.optional(
            v.pipe(v.string(), v.title("Key"), v.metadata({ secret: true })),
          ),
        }),
        output: v.number(),
        handle: seen,
      }),
      nested: handler({
        title: "Nested values",
        input: v.object({
          address: v.pipe(
            v.object({
              street: v.pipe(v.string(), v.title("Street"), v.examples(["Main Road"])),
              zip: v.pipe(v.string(), v.regex(/^\d+$/), v.title("Zip"), v.examples(["123"])),
            }),
            v.title("Address"),
          ),
          billing: v.optional(
            v.pipe(v.object({ vat: v.pipe(v.string(), v.title("VAT")) }), v.title("Billing")),
          ),
          tags: v.pipe(
            v.array(v.pipe(v.string(), v.minLength(2))),
            v.maxLength(3),
            v.title("Tags"),
          ),
          point: v.pipe(v.tuple([v.number(), v.number()]), v.title("Point"), v.examples([[1, 2]])),
          limits: v.pipe(
            v.record(v.string(), v.pipe(v.number(), v.maxValue(9), v.multipleOf(2))),
            v.title("Limits"),
          ),
          shape: v.pipe(Shape, v.title("Shape")),
          either: v.pipe(v.union([v.string(), v.array(v.number())]), v.title("Either")),
          people: v.pipe(
            v.array(v.object({ name: v.pipe(v.string(), v.minLength(2), v.title("Name")) })),
            v.title("People"),
          ),
        }),
        output: v.number(),
        handle: seen,
      }),
      files: handler({
        title: "Files",
        input: v.object({
          file: v.pipe(bytes(), v.title("File")),
          photo: v.optional(v.pipe(v.file(), v.title("Photo"))),
          more: v.optional(v.pipe(v.array(bytes()), v.title("More"))),
          label: v.optional(v.pipe(v.string(), v.title("Label"))),
        }),
        output: v.number(),
        handle: seen,
      }),
      odd: handler({
        title: "What has no control",
        input: v.object({
          any: v.optional(v.unknown()),
          day: v.optional(v.date()),
          big: v.optional(v.bigint(), 1n),
          map: v.optional(v.map(v.string(), v.number())),
          set: v.optional(v.set(v.string())),
          custom: v.optional(v.custom<string>(() => true)),
          trimmed: v.optional(v.pipe(v.string(), v.trim(), v.brand("T"), v.title("Trimmed"))),
          port: v.optional(v.pipe(v.string(), v.transform(Number), v.title("Port"))),
        }),
        output: v.number(),
        handle: seen,
      }),
      tree: handler({ title: "A tree", input: Tree, output: v.number(), handle: seen }),
      number: handler({ title: "A number", input: v.number(), output: v.number(), handle: seen }),
      nothing: handler({ title: "Nothing", input: v.void(), output: v.number(), handle: seen }),
    },
  });
  return { plugin, received };
};
