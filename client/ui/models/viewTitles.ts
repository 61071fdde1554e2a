/** What can be shown beside handlers: what people call it, by the name in its address. */
export const viewTitles: Readonly<Record<"status" | "logs", string>> = {
  status: "Status",
  logs: "Log",
};
