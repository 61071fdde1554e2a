import type { Announcement } from "../schemas/catalog.ts";

/** What one worker says. It may be several members, one for each plugin: to the rest they are one. */
export const mergeAnnouncements = (
  worker: string,
  announcements: Announcement[],
): Announcement => {
  const parts = announcements.filter((announcement) => announcement.worker === worker);
  return {
    worker,
    ...(parts.length === 0 ? { goodbye: true } : {}),
    ...(parts.some(({ starting }) => starting) ? { starting: true } : {}),
    plugins: parts.flatMap(({ plugins }) => plugins),
    broken: parts.flatMap(({ broken }) => broken),
  };
};
