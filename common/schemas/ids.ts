import * as v from "valibot";

/** A request id as its caller makes it: 1 to 64 letters, digits, `_` or `-`. */
export const RequestId = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{1,64}$/, "A request id is 1 to 64 letters, digits, _ or -."),
);

/**
 * A request id on the bus: `<start of its session's>:<request id>`, and `.<n>` appended for each
 * nested call, so that ids of two tabs cannot collide and a log can be searched for the caller's.
 */
export const BusRequestId = v.pipe(v.string(), v.minLength(1), v.maxLength(400));

/** A request type, `plugin.handler`; it is the AMQP routing key. */
export const RequestType = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,63}\.[A-Za-z][A-Za-z0-9_-]{0,63}$/,
    'A request type is "plugin.handler", such as "math.add".',
  ),
);

/** A session's id: the SHA-256 of its token in base64url, so that any gateway can check the pair. */
export const SessionId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));
