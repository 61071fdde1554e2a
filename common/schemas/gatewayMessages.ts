import * as v from "valibot";
import { Frame } from "./frames.ts";
import { variantOf } from "./variantOf.ts";

/** Notices: what a gateway says that is not about one request. */
export const Notice = variantOf("kind", [
  /** First thing on every connection: who the client is here, and what the gateway will take. */
  v.object({
    kind: v.literal("welcome"),
    session: v.string(),
    /** The secret with which this session is resumed over another connection. */
    token: v.string(),
    /** This gateway's own id. */
    gateway: v.string(),
    /** Milliseconds a request gets when neither caller nor handler names a time. */
    timeoutMs: v.number(),
    maxPayloadBytes: v.number(),
    /** How long this gateway keeps what runs for a client that is away, in milliseconds. */
    resumeMs: v.optional(v.number(), 30_000),
    /** How a command begins where this gateway runs: `deno task`, `bun run`. */
    task: v.optional(v.string(), "deno task"),
  }),
  /** The session goes on here. Of the requests asked for, those in `lost` nobody has. */
  v.object({
    kind: v.literal("resumed"),
    /** The gateways that had this session, and so know for certain what never came to them. */
    gateways: v.array(v.string()),
    lost: v.array(v.string()),
  }),
  /** This gateway stops: it takes no more requests, and disconnects when it has answered. */
  v.object({ kind: v.literal("goodbye") }),
  /** A `Catalog`: who shows it parses it, so that nobody else carries its schema along. */
  v.object({ kind: v.literal("catalog"), catalog: v.unknown() }),
  /** What there is of another topic that is watched, in its own schema (`topics.ts`). */
  v.object({ kind: v.literal("told"), topic: v.string(), told: v.unknown() }),
]);
export type Notice = v.InferOutput<typeof Notice>;

/** Everything a gateway may say; the Socket.IO event `frames` carries an array of these. */
export const GatewayMessage = variantOf("kind", [Frame, Notice]);
export type GatewayMessage = v.InferOutput<typeof GatewayMessage>;
