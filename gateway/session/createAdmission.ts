import type { Caller } from "../../common/bus/createCaller.ts";
import { RequestError, tooLarge } from "../../common/errors.ts";
import { measure } from "../../common/payload.ts";
import type { RequestMessage } from "../../common/schemas/clientMessages.ts";
import type { LiveCatalog } from "../createCatalog.ts";

/** What a gateway lets one client, and all of them, do. */
export type GatewayLimits = {
  requestTimeoutMs: number;
  maxPayloadBytes: number;
  maxPending: number;
  maxPendingTotal: number;
  /** How long a client that lost its connection may take to return, in milliseconds. */
  resumeMs: number;
};

/**
 * Makes the check of one client's requests: it gives the size of the payload in bytes, or why the
 * request cannot be started.
 */
export const createAdmission = (
  { caller, catalog, limits }: { caller: Caller; catalog: LiveCatalog; limits: GatewayLimits },
) =>
({ type, payload, again }: RequestMessage, pending: number): number | RequestError => {
  if (again && catalog.handler(type)?.idempotent === false) return lostForGood(type);
  if (pending >= limits.maxPending) return overloaded("client", limits.maxPending);
  if (caller.pending >= limits.maxPendingTotal) {
    return overloaded("gateway", limits.maxPendingTotal);
  }
  const size = measure(payload);
  if (size instanceof RequestError) return size;
  if (size.bytes <= limits.maxPayloadBytes) return size.bytes;
  return tooLarge(`The payload of ${type}`, size.bytes, limits.maxPayloadBytes);
};

const lostForGood = (type: string): RequestError =>
  new RequestError(
    "CONNECTION_LOST",
    `The gateway that had this request is gone, and ${type} must not be started twice.`,
  );

const overloaded = (who: string, most: number): RequestError =>
  new RequestError(
    "OVERLOADED",
    `This ${who} has ${most} requests under way; wait for some to end.`,
  );
