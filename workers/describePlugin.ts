import type { AnyHandler, Plugin } from "../common/plugin/types.ts";
import type { HandlerEntry, PluginEntry } from "../common/schemas/catalog.ts";
import { describeSchema } from "./describeSchema.ts";

/** Requests one worker runs at the same time of a handler that does not say. */
export const DEFAULT_CONCURRENCY = 16;

/** Writes what the catalog tells of a plugin. */
export const describePlugin = (plugin: Plugin<string, Record<string, AnyHandler>>): PluginEntry => {
  const { name, title, description, version } = plugin;
  const handlers = Object.entries(plugin.handlers)
    .map(([key, handler]) => describeHandler(`${name}.${key}`, handler));
  return { name, title, description, version, handlers };
};

const describeHandler = (type: string, handler: AnyHandler): HandlerEntry => ({
  type,
  title: handler.title,
  description: handler.description,
  streams: handler.chunk !== undefined,
  idempotent: handler.idempotent ?? false,
  timeoutMs: handler.timeoutMs,
  concurrency: handler.concurrency ?? DEFAULT_CONCURRENCY,
  input: describeSchema(handler.input, "input"),
  output: describeSchema((handler.chunk ?? handler.output)!, "output"),
});
