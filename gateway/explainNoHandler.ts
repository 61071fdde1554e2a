import { RETRYABLE } from "../common/errors.ts";
import type { Catalog } from "../common/schemas/catalog.ts";
import type { Frame } from "../common/schemas/frames.ts";
import { TASK } from "../common/task.ts";

/**
 * Makes `NO_HANDLER` helpful: it says what there is instead. While no worker at all is online that
 * nobody serves the type says nothing yet, so it becomes `NO_WORKER`, which is worth another try.
 * Every other frame stays as it is.
 */
export const explainNoHandler = (
  frame: Frame,
  { type, catalog }: { type: string; catalog: Catalog },
): Frame => {
  if (frame.kind !== "error" || frame.code !== "NO_HANDLER") return frame;
  // A nested call's: the type itself is served.
  if (catalog.workers.some(({ types }) => types.includes(type))) return frame;
  const noWorker = { ...frame, code: "NO_WORKER", retryable: RETRYABLE.NO_WORKER };
  if (catalog.workers.length === 0) {
    const message = `No worker is online to serve ${type}. Start one: ${TASK} worker.`;
    return { ...noWorker, message };
  }
  if (catalog.workers.some(({ starting }) => starting)) {
    return { ...noWorker, message: `Nobody serves ${type} yet: plugins are being loaded.` };
  }
  return { ...frame, message: `There is no handler "${type}". ${offer(type, catalog)}` };
};

const offer = (type: string, { plugins, broken }: Catalog): string => {
  const name = type.slice(0, type.indexOf("."));
  const plugin = plugins.find((entry) => entry.name === name);
  if (plugin) return `${name} has: ${plugin.handlers.map((entry) => entry.type).join(", ")}.`;
  const names = plugins.map((entry) => entry.name).join(", ");
  const failed = broken.length > 0 ? ` Did not load: ${broken.map((b) => b.file).join(", ")}.` : "";
  return `Plugins online: ${names || "none"}.${failed}`;
};
