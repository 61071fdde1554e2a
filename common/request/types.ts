import type { LogLevel, SingleFrame } from "../schemas/frames.ts";

/** How a request is made; the same for a browser's request and for a nested call. */
export type CallOptions = {
  /** Cancels the request when it aborts. */
  signal?: AbortSignal;
  /** Milliseconds from now to its deadline. Default: the handler's own time, else the gateway's. */
  timeoutMs?: number;
  onProgress?(progress: { fraction?: number; message?: string }): void;
  onLog?(line: { level: LogLevel; message: string; fields?: Record<string, unknown> }): void;
  /** Called with every frame, terminal ones included, in the order they were sent. */
  onResponse?(frame: SingleFrame): void;
};

/**
 * The answer to a request under way. Await it, or iterate over it, not both:
 * awaited, it gives the result, or an array of all chunks of a streaming handler;
 * iterated, it gives the chunks as they come, and leaving the loop cancels the request.
 */
export type Response<Result = unknown, Chunk = unknown> =
  & Promise<Result>
  & AsyncIterable<Chunk>
  & {
    readonly id: string;
    /** Ends it with `CANCELLED`; does nothing when it has settled. */
    cancel(reason?: string): void;
  };
