import type { Announcement } from "../schemas/catalog.ts";
import type { Member } from "./member.ts";
import { mergeAnnouncements } from "./mergeAnnouncements.ts";
import type { BrokerOp } from "./ops.ts";

/**
 * Makes what tells those members of a broker that watch what all of them announce: of one worker,
 * whose plugins are a member each, as one.
 */
export const createAnnouncer = (
  { members, tell }: { members: ReadonlySet<Member>; tell(member: Member, op: BrokerOp): void },
) => {
  const mergedOf = (worker: string): Announcement =>
    mergeAnnouncements(worker, [...members].flatMap(({ announcement }) => announcement ?? []));

  return {
    /** Takes what a member announces, be it its goodbye. */
    announce(member: Member, announcement: Announcement): void {
      member.announcement = announcement.goodbye ? undefined : announcement;
      const merged = mergedOf(announcement.worker);
      for (const other of members) {
        if (other.watches) tell(other, { op: "announce", announcement: merged });
      }
    },
    /** Tells a member all there is, and from now on all that comes. */
    watch(member: Member): void {
      member.watches = true;
      const all = [...members].flatMap(({ announcement }) => announcement?.worker ?? []);
      for (const worker of new Set(all)) {
        tell(member, { op: "announce", announcement: mergedOf(worker) });
      }
    },
  };
};
