import { pathToFileURL } from "node:url";
import { textOf } from "../common/textOf.ts";
import type { BrokenPlugin } from "../common/schemas/catalog.ts";

/** Says why a plugin file did not load: which file and, where the runtime tells, which line. */
export const describeFailure = (
  error: unknown,
  { file, path }: { file: string; path: string },
): BrokenPlugin => {
  const found = error instanceof Error ? error : new Error(textOf(error));
  const line = lineIn(`${found.message}\n${found.stack ?? ""}`, path) ?? positionOf(found);
  return { file, ...(line === undefined ? {} : { line }), message: firstLines(found, path) };
};

const lineIn = (text: string, path: string): number | undefined => {
  for (const name of [pathToFileURL(path).href, path]) {
    const at = text.indexOf(`${name}:`);
    const line = at < 0 ? NaN : parseInt(text.slice(at + name.length + 1), 10);
    if (line > 0) return line;
  }
};

/** Bun's build errors carry their position as data. */
const positionOf = (error: Error): number | undefined => {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const position = (first as { position?: { line?: unknown } | null } | undefined)?.position;
  return typeof position?.line === "number" ? position.line : undefined;
};

const firstLines = (error: Error, path: string): string => {
  const first: unknown = error instanceof AggregateError ? error.errors[0] ?? error : error;
  const message = first instanceof Error || isMessage(first)
    ? textOf(first.message)
    : textOf(first);
  const line = message.split("\n").find((text) => text.trim() !== "") ?? "It did not load.";
  return line.replaceAll(pathToFileURL(path).href, "this file").replaceAll(path, "this file")
    .trim();
};

const isMessage = (value: unknown): value is { message: string } =>
  typeof value === "object" && value !== null && "message" in value &&
  typeof value.message === "string";
