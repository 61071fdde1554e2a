import * as v from "valibot";
import { Control } from "../schemas/busMessages.ts";
import { variantOf } from "../schemas/variantOf.ts";

/** Asks every worker to announce itself now: a watcher need not wait for the next regular time. */
export const WhoIsThere = v.object({ kind: v.literal("whoIsThere") });

/** Everything on `plugboard.control`. */
export const ControlMessage = variantOf("kind", [Control, WhoIsThere]);
