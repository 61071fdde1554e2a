import type { ErrorBody, Where } from "./schemas/frames.ts";

/** Every code of the product, and whether a caller may simply try again. */
export const RETRYABLE = {
  INVALID_REQUEST: false,
  NO_HANDLER: false,
  NO_WORKER: true,
  UNAUTHENTICATED: false,
  FORBIDDEN: false,
  TIMEOUT: true,
  CANCELLED: false,
  OVERLOADED: true,
  TOO_LARGE: false,
  CONFLICT: false,
  HANDLER_FAILED: false,
  INVALID_RESPONSE: false,
  WORKER_LOST: true,
  BUS_UNAVAILABLE: true,
  CONNECTION_LOST: true,
  STREAM_BROKEN: true,
} as const;

/** A code of the product; plugins may throw their own, in the same capitals. */
export type ErrorCode = keyof typeof RETRYABLE;
type AnyCode = ErrorCode | (string & Record<never, never>);

/** What may be said beside code and sentence. `retryable` defaults to what the code says. */
export type RequestErrorOptions = {
  details?: unknown;
  retryable?: boolean;
  where?: Where;
  cause?: unknown;
};

/**
 * A failure that is meant for the caller. A handler throws it to choose what the caller sees:
 * @example throw new RequestError("NOT_FOUND", `There is no invoice ${id}.`);
 */
export class RequestError extends Error {
  override name = "RequestError";
  readonly code: AnyCode;
  readonly retryable: boolean;
  readonly details?: unknown;
  readonly where?: Where;

  constructor(code: AnyCode, message: string, options: RequestErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? (RETRYABLE as Record<string, boolean>)[code] ?? false;
    this.details = options.details;
    this.where = options.where;
  }
}

/** What a caller's request rejects with: the same, and which request it was. */
export class BackendError extends RequestError {
  override name = "BackendError";
  readonly requestId: string;

  constructor(body: ErrorBody, requestId: string) {
    super(body.code, body.message, body);
    this.requestId = requestId;
  }

  /** The error as data, as `call` prints it and as the page shows it. */
  toJSON(): ErrorBody & { requestId: string } {
    return { ...errorBody(this), requestId: this.requestId };
  }
}

/** The part of a failure that crosses the wire; never its stack or cause. */
export const errorBody = (error: RequestError): ErrorBody => ({
  code: error.code,
  message: error.message,
  retryable: error.retryable,
  ...(error.details === undefined ? {} : { details: error.details }),
  ...(error.where === undefined ? {} : { where: error.where }),
});

/** A payload, result or chunk over the limit of `MAX_PAYLOAD_BYTES`. */
export const tooLarge = (what: string, bytes: number, limit: number): RequestError =>
  new RequestError(
    "TOO_LARGE",
    `${what}: ${bytes} bytes are more than the ${limit} allowed (setting MAX_PAYLOAD_BYTES).`,
    { details: { bytes, limit } },
  );

/** A type that nobody on the bus has served, as far back as the bus remembers. */
export const noHandler = (type: string): RequestError =>
  new RequestError("NO_HANDLER", `There is no handler "${type}": no worker has ever served it.`);
