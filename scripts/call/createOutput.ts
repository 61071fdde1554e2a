import { Buffer } from "node:buffer";
import { once } from "node:events";
import { fstatSync } from "node:fs";
import { Socket } from "node:net";
import process from "node:process";

/** Standard output, for results and chunks. */
export type Output = {
  /**
   * Writes a value: bytes as they are, anything else as a line of JSON with bytes in it as base64.
   * Resolves when there is room for the next one.
   * @throws the reason of `signal` when that has aborted
   */
  write(value: unknown): Promise<void>;
  /** Resolves when all is written, or cannot be. */
  flush(): Promise<void>;
};

/** Options of `createOutput`. */
export type OutputOptions = {
  /** Ends the waiting for a reader. */
  signal: AbortSignal;
  /** Called when it cannot be written; `EPIPE`: its reader has gone. */
  onError(error: NodeJS.ErrnoException): void;
};

/** Opens standard output. */
export const createOutput = ({ signal, onError }: OutputOptions): Output => {
  const stdout = openStdout();
  stdout.on("error", onError);
  return {
    async write(value) {
      signal.throwIfAborted();
      const isRoom = stdout.write(value instanceof Uint8Array ? value : `${toJson(value)}\n`);
      if (!isRoom) await once(stdout, "drain", { signal });
    },
    flush: () => new Promise((resolve) => stdout.write("", () => resolve())),
  };
};

/** A value as JSON in one line, with bytes anywhere in it as base64. */
export const toJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value ?? null, base64, indent);

// Looks at the holder, for a Buffer has become something else by its own toJSON already.
function base64(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const own = this[key];
  if (!(own instanceof Uint8Array)) return value;
  return Buffer.from(own.buffer, own.byteOffset, own.byteLength).toString("base64");
}

/**
 * Deno's own `process.stdout` blocks the whole process while a pipe is full: no sign of life would
 * reach the gateway, which then gives the connection up, and Ctrl-C would not be seen.
 */
const openStdout = (): NodeJS.WritableStream => {
  const isPipe = process.versions.deno !== undefined && fstatSync(1).isFIFO();
  return isPipe ? new Socket({ fd: 1, readable: false }) : process.stdout;
};
