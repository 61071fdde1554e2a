import { createTransientMap } from "../createTransientMap.ts";
import type { Control } from "../schemas/busMessages.ts";
import { type Frame, isTerminal } from "../schemas/frames.ts";
import { conflict } from "./brokerErrors.ts";
import { cancelOp, errorOp, requestOp } from "./brokerOps.ts";
import type { Member } from "./member.ts";
import type { BrokerOp } from "./ops.ts";
import type { Entry } from "./requestQueue.ts";

/**
 * Makes the list of what a worker's plugins ask of the bus: its uplink has taken it there. From
 * there it may come back to this very worker, so what is held here by the same id is another thing.
 */
export const createOutgoing = (
  { tell, now }: { tell(member: Member, op: BrokerOp): void; now(): number },
) => {
  const entries = createTransientMap<Entry<Member>>();

  const control = (control: Control, uplink: Member): void => {
    if (!entries.get(control.id)) return;
    tell(uplink, { op: "control", control });
    // Of what ends in a queue of the bus no answer comes.
    if (control.kind === "cancel" && control.attempt === undefined) entries.delete(control.id);
  };

  return {
    /** Takes a request of a member. */
    add(entry: Entry<Member>, uplink: Member): void {
      const { id } = entry.request;
      if (entries.get(id)) return tell(entry.from, errorOp(entry, conflict()));
      entries.set(id, entry);
      tell(uplink, requestOp(entry, now()));
    },
    /** Passes on what a member says of its request. */
    control,
    /** Passes on what the bus says of a request. */
    onFrame(frame: Frame): void {
      const entry = entries.get(frame.id);
      if (!entry) return;
      tell(entry.from, { op: "frame", frame });
      if (isTerminal(frame)) entries.delete(frame.id);
    },
    /** Cancels what a member has asked for that is gone. */
    leave(member: Member, uplink: Member): void {
      for (const [id, { from }] of entries.entries()) {
        if (from !== member) continue;
        entries.delete(id);
        tell(uplink, cancelOp(id, "the requester is gone"));
      }
    },
  };
};
