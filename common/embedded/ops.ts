import * as v from "valibot";
import { BusRequest, Control } from "../schemas/busMessages.ts";
import { Announcement } from "../schemas/catalog.ts";
import { Frame } from "../schemas/frames.ts";
import { variantOf } from "../schemas/variantOf.ts";

/** What a member says to the broker. */
export const MemberOp = variantOf("op", [
  v.object({ op: v.literal("request"), request: BusRequest }),
  v.object({ op: v.literal("control"), control: Control }),
  v.object({ op: v.literal("serve"), type: v.string(), concurrency: v.number() }),
  /** What it holds goes to others. `released` answers: all that was said before was heard. */
  v.object({ op: v.literal("release") }),
  /** Without a type it is answered with `paused`: after that nothing comes that was not there. */
  v.object({ op: v.literal("pause"), type: v.optional(v.string()) }),
  /** The uplink takes back what it has asked for and nobody here holds: `withdrawn` answers. */
  v.object({ op: v.literal("withdraw") }),
  v.object({ op: v.literal("frame"), frame: Frame }),
  v.object({ op: v.literal("announce"), announcement: Announcement }),
  v.object({ op: v.literal("watch") }),
  /** It is answered with `depths`. */
  v.object({ op: v.literal("measure") }),
]);
export type MemberOp = v.InferOutput<typeof MemberOp>;

/** What the broker says to a member. `dead`: this ends a request that kept losing workers. */
export const BrokerOp = variantOf("op", [
  v.object({ op: v.literal("request"), request: BusRequest }),
  v.object({ op: v.literal("control"), control: Control }),
  v.object({ op: v.literal("frame"), frame: Frame, dead: v.optional(v.boolean()) }),
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

/** Tells one run of a request from another. */
export const runKey = ({ id, attempt = 1 }: { id: string; attempt?: number }): string =>
  `${attempt} ${id}`;
