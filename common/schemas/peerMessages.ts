import * as v from "valibot";
import { Principal } from "./busMessages.ts";
import { Held, RequestControl } from "./clientMessages.ts";
import { Frame } from "./frames.ts";
import { SessionId } from "./ids.ts";
import { variantOf } from "./variantOf.ts";

const from = v.string();

/**
 * What gateways say to each other. A request stays with the gateway that started it; when its
 * client comes back through another one, that one relays what is said about it, both ways.
 */
export const PeerMessage = variantOf("kind", [
  /** A gateway is there: said to all at start and every few seconds, and in answer to a new one. */
  v.object({ kind: v.literal("hello"), from }),
  v.object({ kind: v.literal("bye"), from }),
  /** Whoever has this session: its client is here now, and lacks the frames after these. */
  v.object({
    kind: v.literal("seek"),
    from,
    session: SessionId,
    principal: v.optional(Principal),
    /** As in the client's `resume`. */
    nth: v.number(),
    requests: v.array(Held),
  }),
  /** The answer to `seek`: whether the session was here, and which of the requests are. */
  v.object({
    kind: v.literal("found"),
    from,
    session: SessionId,
    /** That of the question. */
    nth: v.number(),
    held: v.boolean(),
    ids: v.array(v.string()),
  }),
  /** Frames for the client, each with its place among all frames of its request. */
  v.object({
    kind: v.literal("relayed"),
    from,
    session: SessionId,
    frames: v.array(v.object({ index: v.number(), frame: Frame })),
  }),
  /** A frame before this place is missing: send from there on. */
  v.object({ kind: v.literal("resend"), from, session: SessionId, request: Held }),
  /** What the client says of requests that the receiver has. */
  v.object({
    kind: v.literal("said"),
    from,
    session: SessionId,
    messages: v.array(RequestControl),
  }),
  /** The client is gone for good. */
  v.object({ kind: v.literal("left"), from, session: SessionId }),
]);
export type PeerMessage = v.InferOutput<typeof PeerMessage>;

/** A message of one kind. */
export type PeerMessageOf<Kind extends PeerMessage["kind"]> = PeerMessage & { kind: Kind };
