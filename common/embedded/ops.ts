import * as v from "valibot";
import { Announcement } from "../schemas/catalog.ts";
import { variantOf } from "../schemas/variantOf.ts";

/** The least that can be asked of a message without reading into it: the far end parses it whole. */
const Message = v.looseObject({
  id: v.string(),
  kind: v.string(),
  attempt: v.optional(v.number()),
});
const Request = v.looseObject({
  id: v.string(),
  type: v.string(),
  timeoutMs: v.number(),
  attempt: v.number(),
  idempotent: v.optional(v.boolean()),
});

/** What a member says to the broker. */
export const MemberOp = variantOf("op", [
  v.object({ op: v.literal("request"), request: Request }),
  v.object({ op: v.literal("control"), control: Message }),
  v.object({ op: v.literal("serve"), type: v.string(), concurrency: v.number() }),
  /** What it holds goes to others. `released` answers: all that was said before was heard. */
  v.object({ op: v.literal("release") }),
  /** Without a type it is answered with `paused`: after that nothing comes that was not there. */
  v.object({ op: v.literal("pause"), type: v.optional(v.string()) }),
  /** The uplink takes back what it has asked for and nobody here holds: `withdrawn` answers. */
  v.object({ op: v.literal("withdraw") }),
  v.object({ op: v.literal("frame"), frame: Message }),
  v.object({ op: v.literal("announce"), announcement: Announcement }),
  v.object({ op: v.literal("watch") }),
  /** It is answered with `depths`. */
  v.object({ op: v.literal("measure") }),
]);
export type MemberOp = v.InferOutput<typeof MemberOp>;

/** What the broker says to a member. `dead`: this ends a request that kept losing workers. */
export const BrokerOp = variantOf("op", [
  v.object({ op: v.literal("request"), request: Request }),
  v.object({ op: v.literal("control"), control: Message }),
  v.object({ op: v.literal("frame"), frame: Message, dead: v.optional(v.boolean()) }),
  v.object({ op: v.literal("announce"), announcement: Announcement }),
  v.object({ op: v.literal("paused") }),
  v.object({ op: v.literal("released") }),
  /** How many requests wait, by type. */
  v.object({ op: v.literal("depths"), depths: v.record(v.string(), v.number()) }),
  /** `attempt` is that of the next delivery: as it came, where nobody had it. */
  v.object({
    op: v.literal("withdrawn"),
    requests: v.array(v.object({ id: v.string(), attempt: v.number() })),
  }),
]);
export type BrokerOp = v.InferOutput<typeof BrokerOp>;

export type LooseRequest = v.InferOutput<typeof Request>;
export type LooseMessage = v.InferOutput<typeof Message>;

/** Tells one run of a request from another. */
export const runKey = ({ id, attempt }: { id: string; attempt: number }): string =>
  `${attempt} ${id}`;
