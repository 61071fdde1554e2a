import * as v from "valibot";
import { BusRequest, Control } from "../schemas/busMessages.ts";
import { Announcement } from "../schemas/catalog.ts";
import { Frame } from "../schemas/frames.ts";
import { objectOf } from "../schemas/objectOf.ts";
import { variantOf } from "../schemas/variantOf.ts";

/** What a member says to the broker. */
export const MemberOp = variantOf("op", [
  objectOf({ op: v.literal("request"), request: BusRequest }),
  objectOf({ op: v.literal("control"), control: Control }),
  objectOf({ op: v.literal("serve"), type: v.string(), concurrency: v.number() }),
  /** What it holds goes to others. `released` answers: all that was said before was heard. */
  objectOf({ op: v.literal("release") }),
  /** Without a type it is answered with `paused`: after that nothing comes that was not there. */
  objectOf({ op: v.literal("pause"), type: v.optional(v.string()) }),
  /** The uplink takes back what it has asked for and nobody here holds: `withdrawn` answers. */
  objectOf({ op: v.literal("withdraw") }),
  objectOf({ op: v.literal("frame"), frame: Frame }),
  objectOf({ op: v.literal("announce"), announcement: Announcement }),
  objectOf({ op: v.literal("watch") }),
  /** It is answered with `depths`. */
  objectOf({ op: v.literal("measure") }),
]);
export type MemberOp = v.InferOutput<typeof MemberOp>;

/** What the broker says to a member. `dead`: this ends a request that kept losing workers. */
export const BrokerOp = variantOf("op", [
  objectOf({ op: v.literal("request"), request: BusRequest }),
  objectOf({ op: v.literal("control"), control: Control }),
  objectOf({ op: v.literal("frame"), frame: Frame, dead: v.optional(v.boolean()) }),
  objectOf({ op: v.literal("announce"), announcement: Announcement }),
  objectOf({ op: v.literal("paused") }),
  objectOf({ op: v.literal("released") }),
  /** How many requests wait, by type. */
  objectOf({ op: v.literal("depths"), depths: v.record(v.string(), v.number()) }),
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
