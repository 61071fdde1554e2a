import type { Announcement } from "../schemas/catalog.ts";
import type { Link } from "./link.ts";
import type { Entry } from "./requestQueue.ts";

/** One end of a link: a gateway, a worker, or both at once. */
export type Member = {
  link: Link;
  types: Set<string>;
  /** Runs of which nobody takes anything any more, though their place is not free yet. */
  replaced: Map<string, Entry<Member>>;
  watches: boolean;
  announcement?: Announcement;
};
