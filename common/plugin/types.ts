import type { GenericSchema, InferInput, InferOutput } from "valibot";
import type { Principal } from "../schemas/busMessages.ts";
import type { CallOptions, Response } from "../request/types.ts";

/** Writes a line to the worker's log and to the caller's `onLog`. Never put secrets in it. */
export type PluginLog = Record<
  "debug" | "info" | "warn" | "error",
  (message: string, fields?: Record<string, unknown>) => void
>;

/** What a handler is given beside its input. */
export type HandlerContext = {
  /** Aborts on cancel, at the deadline, and when the caller is gone. */
  signal: AbortSignal;
  /** Says how far the work is: 0 to 1, or `undefined` where the end is not known. */
  progress(fraction: number | undefined, message?: string): void;
  log: PluginLog;
  /** Calls another handler; it inherits this request's signal, deadline and trace. */
  call<Result = unknown>(type: string, payload?: unknown, options?: CallOptions): Response<Result>;
  /** Who asks, where the gateway knows. */
  principal?: Principal;
  /** 1; higher when an idempotent request runs again after a worker was lost. */
  attempt: number;
  /** The request's id as its caller knows it. */
  requestId: string;
};

type HandlerOptions = {
  title?: string;
  description?: string;
  /** It may be started again after a crash. Default false: then the caller gets `WORKER_LOST`. */
  idempotent?: boolean;
  /** Milliseconds a request gets when its caller names no time. Default: the gateway's. */
  timeoutMs?: number;
  /** How many requests one worker runs at the same time. Default 16. */
  concurrency?: number;
};

/** A handler that answers once. */
export type UnaryHandler<In extends GenericSchema, Out extends GenericSchema> = HandlerOptions & {
  input: In;
  output: Out;
  chunk?: undefined;
  handle(
    input: InferOutput<In>,
    context: HandlerContext,
  ): InferInput<Out> | Promise<InferInput<Out>>;
};

/** A handler that answers with a stream of chunks. */
export type StreamHandler<In extends GenericSchema, Chunk extends GenericSchema> =
  & HandlerOptions
  & {
    input: In;
    chunk: Chunk;
    output?: undefined;
    handle(
      input: InferOutput<In>,
      context: HandlerContext,
    ): AsyncIterable<InferInput<Chunk>> | Iterable<InferInput<Chunk>>;
  };

/** Any handler, once its types no longer matter: what a worker runs. */
export type AnyHandler = HandlerOptions & {
  input: GenericSchema;
  output?: GenericSchema;
  chunk?: GenericSchema;
  // Parameters are contravariant: only `never` accepts every handler's own input.
  handle(input: never, context: HandlerContext): unknown;
};

/** A plugin: what one file in the plugins folder exports as its default. */
export type Plugin<Name extends string = string, Handlers = Record<string, AnyHandler>> = {
  /** 1 to 64 letters, digits, `_` or `-`, beginning with a letter. */
  name: Name;
  title?: string;
  description?: string;
  version?: string;
  handlers: Handlers;
  /** Runs once before the first request; when it throws, the plugin is reported as broken. */
  setup?(): void | Promise<void>;
  /** Runs once when the worker stops. */
  teardown?(): void | Promise<void>;
};

type Input<H> = H extends { input: infer In extends GenericSchema } ? InferInput<In> : never;
type Answer<H> = H extends { chunk: infer C extends GenericSchema }
  ? { chunk: InferOutput<C>; result: InferOutput<C>[] }
  : H extends { output: infer O extends GenericSchema } ? { chunk: never; result: InferOutput<O> }
  : never;

type Key<P> = P extends Plugin<infer Name, infer Handlers>
  ? { [H in keyof Handlers & string]: { type: `${Name}.${H}`; handler: Handlers[H] } }[
    keyof Handlers & string
  ]
  : never;

/**
 * The request types of some plugins, with what each takes and gives, for `makeBackendRequest`.
 * @example
 * import type math from "./workers/plugins/math.ts";
 * const makeBackendRequest = createMakeBackendRequest<Api<typeof math>>(socket);
 */
export type Api<P> = {
  [K in Key<P> as K["type"]]: { payload: Input<K["handler"]> } & Answer<K["handler"]>;
};
