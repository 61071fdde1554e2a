import type { ConsumeMessage } from "amqplib";
import * as v from "valibot";
import { BusRequest } from "../schemas/busMessages.ts";
import { BusRequestId } from "../schemas/ids.ts";
import { fromBody, problemOf } from "./messageBody.ts";

/** What a message from a request queue says. */
export type ReadRequests =
  | { ok: true; requests: BusRequest[]; replyTo: string }
  /** `ids` and `replyTo` as far as they can be read: who may be told. */
  | { ok: false; problem: string; ids: string[]; replyTo: string };

/** Reads a message of the queue of `type`; a second delivery of it is a further attempt. Never throws. */
export const readRequests = (message: ConsumeMessage, type: string): ReadRequests => {
  const { replyTo } = message.properties;
  const body = fromBody(message);
  const parsed = v.safeParse(RequestsOf(type), body);
  const address = v.safeParse(Address, replyTo);
  if (parsed.success && address.success) {
    const more = message.fields.redelivered ? 1 : 0;
    const requests = parsed.output.map((one) => ({ ...one, attempt: one.attempt + more }));
    return { ok: true, requests, replyTo: address.output };
  }
  const candidates: unknown[] = Array.isArray(body) ? body : [body];
  return {
    ok: false,
    problem: problemOf(parsed.issues) || "the message does not say where to answer",
    ids: candidates.flatMap((candidate) => {
      const known = v.safeParse(WithId, candidate);
      return known.success ? [known.output.id] : [];
    }),
    replyTo: address.success ? address.output : "",
  };
};

const RequestsOf = (type: string) =>
  v.pipe(
    v.array(BusRequest),
    v.minLength(1),
    v.everyItem((request) => request.type === type, `A request is not of type "${type}".`),
  );
const Address = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const WithId = v.object({ id: BusRequestId });
