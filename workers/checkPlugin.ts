import * as v from "valibot";
import type { AnyHandler, Plugin } from "../common/plugin/types.ts";
import { MAX_TIMEOUT_MS } from "../common/schemas/limits.ts";

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const nameRule = "must be 1 to 64 letters, digits, _ or -, beginning with a letter";

const Schema = v.custom<v.GenericSchema>(
  (value) => typeof value === "object" && value !== null && "~run" in value && !isAsync(value),
  "must be a Valibot schema that is not async",
);
const Callable = v.custom<() => unknown>(
  (value) => typeof value === "function",
  "must be a function",
);
const text = v.optional(v.string("must be text"));
const between = (least: number, most: number) =>
  v.optional(v.custom<number>(
    (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
    `must be a whole number from ${least} to ${most}`,
  ));

const isAsync = (value: object): boolean => "async" in value && value.async === true;

// `v.record` passes over these keys, so that what is under them would not be checked.
const hasPlainKeys = (value: unknown): boolean =>
  typeof value === "object" && value !== null &&
  !["__proto__", "constructor", "prototype"].some((key) => Object.hasOwn(value, key));

const Handler = v.pipe(
  v.looseObject({
    title: text,
    description: text,
    idempotent: v.optional(v.boolean("must be true or false")),
    timeoutMs: between(1, MAX_TIMEOUT_MS),
    concurrency: between(1, 10_000),
    input: Schema,
    output: v.optional(Schema),
    chunk: v.optional(Schema),
    handle: Callable,
  }, "must be made with handler({ … })"),
  v.check(
    ({ output, chunk }) => (output === undefined) !== (chunk === undefined),
    "must have either `output` (it answers once) or `chunk` (it streams)",
  ),
);

const Definition = v.looseObject({
  name: v.pipe(v.string(nameRule), v.regex(NAME, nameRule)),
  title: text,
  description: text,
  version: text,
  handlers: v.pipe(
    v.custom<object>(
      hasPlainKeys,
      'must be an object with no handler named "constructor" or "prototype"',
    ),
    v.record(v.pipe(v.string(), v.regex(NAME, `its name ${nameRule}`)), Handler),
    v.check((handlers) => Object.keys(handlers).length > 0, "must have at least one handler"),
  ),
  setup: v.optional(Callable),
  teardown: v.optional(Callable),
}, "must be a plugin, made with definePlugin({ … })");

/**
 * Checks what a plugin file exports as its default.
 * @throws Error with one sentence per fault that names the place, the value and the rule.
 */
export const checkPlugin = (exported: unknown): Plugin<string, Record<string, AnyHandler>> => {
  const parsed = v.safeParse(Definition, exported);
  // The object itself is kept, not its parsed copy: plugins may use `this` and hidden state.
  if (parsed.success) return exported as Plugin<string, Record<string, AnyHandler>>;
  const faults = parsed.issues.map((issue) => {
    const place = ["default export", v.getDotPath(issue)].filter(Boolean).join(" · ");
    return `${place}: ${issue.message.replace(/^Invalid key.*/, "is missing")}, not ${
      shown(issue)
    }`;
  });
  throw new Error(faults.slice(0, 5).join("; ") + ".");
};

const shown = ({ input }: v.BaseIssue<unknown>): string =>
  typeof input === "string"
    ? JSON.stringify(input.slice(0, 80))
    : input === null
    ? "null"
    : `${
      typeof input === "object" || typeof input === "function" ? `${typeof input}` : String(input)
    }`;

/** What is wrong with a file whose plugin has a name that another file had first. */
export const takenName = (name: string, other: string): string =>
  `The name "${name}" is taken by ${other}; rename one of the two.`;
