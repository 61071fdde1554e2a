import type { ConsumeMessage } from "amqplib";
import * as v from "valibot";
import { BusRequest } from "../schemas/busMessages.ts";
import { BusRequestId } from "../schemas/ids.ts";
import { fromBody, problemOf } from "./messageBody.ts";

/** What a message from a request queue says. */
export type ReadRequests = {
  requests: BusRequest[];
  /** Each part that is no request of the type; `id` where it can be read: who may be told. */
  broken: { body: unknown; id?: string; problem: string }[];
  /** Where to answer; "" where that cannot be read, and then all is broken. */
  replyTo: string;
};

/**
 * Makes a reader of the queue of `type`; a second delivery of a message is a further attempt. It
 * never throws.
 */
export const createRequestReader = (type: string) => {
  const schema = v.pipe(
    BusRequest,
    v.check((request) => request.type === type, `It is not of type "${type}".`),
  );

  return (message: ConsumeMessage): ReadRequests => {
    const { properties, fields: { redelivered } } = message;
    const address = v.safeParse(Address, properties.replyTo);
    const body = fromBody(message);
    const parts: unknown[] = Array.isArray(body) && body.length > 0 ? body : [body];
    const read: ReadRequests = {
      requests: [],
      broken: [],
      replyTo: address.success ? address.output : "",
    };
    for (const part of parts) {
      const parsed = v.safeParse(schema, part);
      if (parsed.success && address.success) {
        const request = parsed.output;
        read.requests.push(
          redelivered ? { ...request, attempt: request.attempt + 1 } : request,
        );
        continue;
      }
      const known = v.safeParse(WithId, part);
      read.broken.push({
        body: part,
        id: known.success ? known.output.id : undefined,
        problem: problemOf(parsed.issues) || "the message does not say where to answer",
      });
    }
    return read;
  };
};

const Address = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const WithId = v.object({ id: BusRequestId });
