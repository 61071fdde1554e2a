import * as v from "valibot";
import { errorBody, RequestError } from "../../common/errors.ts";
import { createId } from "../../common/ids.ts";
import type { Logger } from "../../common/logger.ts";
import { measure } from "../../common/payload.ts";
import { ErrorBody } from "../../common/schemas/frames.ts";
import { textOf } from "../../common/textOf.ts";
import { INVALID_ANSWER } from "./checkAnswer.ts";

/** Characters of a failure's sentence. */
const MAX_MESSAGE = 4_000;
/** Details of a failure larger than this are left out. */
const MAX_DETAIL_BYTES = 65_536;

/**
 * Turns what a handler threw into what its caller may see. A `RequestError` goes as it is (without
 * where a nested call stood); of anything else, and of one whose code is not in capitals, only a
 * reference, and the text into the log.
 */
export const toFailure = (
  thrown: unknown,
  { type, log }: { type: string; log: Logger },
): ErrorBody => {
  if (thrown instanceof RequestError) {
    const { where: _, ...body } = errorBody(thrown);
    const message = textOf(body.message).slice(0, MAX_MESSAGE);
    const details = isSendable(body.details) ? body.details : undefined;
    const told = { ...body, message, details };
    if (v.is(ErrorBody, told)) return told;
  }
  const reference = createId().slice(0, 10);
  const error = thrown instanceof Error ? thrown : new Error(`It threw ${textOf(thrown)}`);
  log.error("The handler failed.", { reference, error });
  const [code, did] = error.name === INVALID_ANSWER
    ? ["INVALID_RESPONSE", "gave an answer that its own schema refuses"] as const
    : ["HANDLER_FAILED", "failed"] as const;
  return {
    code,
    message: `${type} ${did}. The worker's log says more under reference ${reference}.`,
    retryable: false,
    details: { reference },
  };
};

const isSendable = (details: unknown): boolean => {
  const size = measure(details);
  return !(size instanceof RequestError) && size.bytes <= MAX_DETAIL_BYTES;
};
