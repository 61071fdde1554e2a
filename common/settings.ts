import { parseArgs } from "node:util";
import * as v from "valibot";
import { LogLevel } from "./schemas/frames.ts";
import { MAX_TIMEOUT_MS } from "./schemas/limits.ts";

const whole = (least: number, most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/),
    v.transform(Number),
    v.minValue(least),
    v.maxValue(most),
  );
const filled = v.pipe(v.string(), v.minLength(1));

const isOrigin = (text: string): boolean =>
  text === "*" || (URL.canParse(text) && new URL(text).origin === text);
const origins = v.pipe(
  v.string(),
  v.transform((text) => text.split(",").map((origin) => origin.trim())),
  v.everyItem(isOrigin),
);

/**
 * What each setting may be (as text), what it is when nobody says, and what `--help` tells.
 * A setting's flag is its name in kebab case: `MAX_PENDING` is `--max-pending`.
 */
const SETTINGS = {
  HOST: {
    schema: filled,
    usual: "127.0.0.1",
    may: "an address",
    help: "where the gateway listens",
  },
  PORT: {
    schema: whole(0, 65_535),
    usual: "8080",
    may: "0 (any free one) to 65535",
    help: "its port",
  },
  AMQP_URL: {
    schema: v.optional(v.pipe(v.string(), v.regex(/^amqps?:\/\/[^/\s]+/))),
    may: "amqp://… or amqps://…",
    help: "the RabbitMQ to use; unset: the embedded engine",
    secret: true,
  },
  PLUGINS_DIR: {
    schema: filled,
    usual: "workers/plugins",
    may: "a folder",
    help: "the plugin files",
  },
  LOG_LEVEL: {
    schema: LogLevel,
    usual: "info",
    may: "debug, info, warn or error",
    help: "lines below it are not written",
  },
  LOG_FORMAT: {
    schema: v.optional(v.picklist(["text", "json"])),
    may: "text or json",
    help: "unset: text on a terminal, else json",
  },
  REQUEST_TIMEOUT_MS: {
    schema: whole(1, MAX_TIMEOUT_MS),
    usual: "30000",
    may: `1 to ${MAX_TIMEOUT_MS}`,
    help: "for requests whose caller and handler name no time",
  },
  MAX_PAYLOAD_BYTES: {
    schema: whole(1_024, 134_217_728),
    usual: "1048576",
    may: "1024 to 134217728",
    help: "the largest payload, result or chunk",
  },
  MAX_PENDING: {
    schema: whole(1, 1_000_000),
    usual: "256",
    may: "1 to 1000000",
    help: "requests under way per socket",
  },
  MAX_PENDING_TOTAL: {
    schema: whole(1, 1_000_000),
    usual: "20000",
    may: "1 to 1000000",
    help: "requests under way per gateway",
  },
  RESUME_MS: {
    schema: whole(0, 600_000),
    usual: "30000",
    may: "0 to 600000",
    help: "how long a client that lost its connection may take to return",
  },
  STALL_MS: {
    // A reader that takes something says so once a second.
    schema: whole(2_000, MAX_TIMEOUT_MS),
    usual: "60000",
    may: `2000 to ${MAX_TIMEOUT_MS}`,
    help: "a stream whose reader takes nothing for so long is ended",
  },
  DRAIN_MS: {
    schema: whole(0, 600_000),
    usual: "10000",
    may: "0 to 600000",
    help: "how long running work may go on after SIGTERM",
  },
  PLUGIN_MEMORY_MB: {
    schema: whole(64, 1_048_576),
    usual: "512",
    may: "64 to 1048576",
    help: "a plugin's process that takes more is killed",
  },
  ALLOWED_ORIGINS: {
    schema: v.optional(origins),
    may: "origins like https://example.org, with commas between, or *",
    help: "pages that may connect beside the gateway's own",
  },
  AUTH_TOKEN: {
    schema: v.optional(v.pipe(v.string(), v.minLength(8))),
    may: "8 characters or more",
    help: "what a client must show; unset: nothing",
    secret: true,
  },
  ALLOW_ANONYMOUS: {
    schema: v.pipe(v.picklist(["0", "1"]), v.transform((text) => text === "1")),
    usual: "0",
    may: "0 or 1",
    help: "1: listen beyond loopback with no AUTH_TOKEN",
  },
} satisfies Record<string, Setting>;

type Setting = {
  schema: v.GenericSchema<string | undefined, unknown> | v.GenericSchema<string, unknown>;
  usual?: string;
  may: string;
  help: string;
  /** Its value is not repeated in messages. */
  secret?: boolean;
};
type Name = keyof typeof SETTINGS;

/** The names of all settings, which are those of their environment variables. */
export const SETTING_NAMES = Object.keys(SETTINGS);

/** Every setting, parsed. */
export type Settings = { [K in Name]: v.InferOutput<(typeof SETTINGS)[K]["schema"]> };

/** What `readSettings` reads from. */
export type SettingsSource = {
  /** Arguments of the command, without the runtime and the script. */
  argv: string[];
  env: Record<string, string | undefined>;
  /** Switches of this command alone, with their help. */
  switches?: Record<string, string>;
};

const flagOf = (name: string): string => name.toLowerCase().replaceAll("_", "-");

/**
 * Reads the settings: flag, else environment variable, else default. An empty variable counts as
 * unset.
 * @throws Error with one line that names the setting, the value and what is allowed
 */
export const readSettings = (
  { argv, env, switches = {} }: SettingsSource,
): { settings: Settings; switched: Set<string>; help: boolean } => {
  const options = Object.fromEntries([
    ...Object.keys(SETTINGS).map((name) => [flagOf(name), { type: "string" as const }]),
    ...["help", ...Object.keys(switches)].map((name) => [name, { type: "boolean" as const }]),
  ]);
  const values: Record<string, unknown> = parseArgs({ args: argv, options, strict: true }).values;
  const entries = Object.entries(SETTINGS as Record<string, Setting>).map(([name, setting]) => {
    const given = values[flagOf(name)] ?? (env[name] || undefined) ?? setting.usual;
    return [name, parseSetting(name, setting, given)];
  });
  return {
    // Each entry was parsed with its own schema just above.
    settings: Object.fromEntries(entries) as Settings,
    switched: new Set(Object.keys(switches).filter((name) => values[name] === true)),
    help: values.help === true,
  };
};

const parseSetting = (name: string, setting: Setting, given: unknown): unknown => {
  const parsed = v.safeParse(setting.schema, given);
  if (parsed.success) return parsed.output;
  const shown = setting.secret ? "the value given (not shown)" : JSON.stringify(given);
  throw new Error(`${name} (--${flagOf(name)}) cannot be ${shown}: it must be ${setting.may}.`);
};

/** The table that `--help` prints. */
export const settingsHelp = (usage: string, switches: Record<string, string> = {}): string => {
  const rows = Object.entries(SETTINGS as Record<string, Setting>).map(([name, { usual, help }]) =>
    `  --${flagOf(name).padEnd(20)} ${name.padEnd(19)} ${help}${usual ? ` (${usual})` : ""}`
  );
  const more = Object.entries({ ...switches, help: "prints this" })
    .map(([name, help]) => `  --${name.padEnd(40)} ${help}`);
  return [
    usage,
    "",
    "Settings: flag, else environment variable, else default.",
    "",
    ...rows,
    ...more,
  ]
    .join("\n");
};
