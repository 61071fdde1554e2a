import type { ComponentType } from "preact";
import type { PageModel } from "../models/pageModel.ts";
import { onDemand } from "./onDemand.tsx";

type View = { title: string; View: ComponentType<{ page: PageModel }> };

const operations = () => import("../operations.ts");

/** What can be shown beside handlers, by the name in its address. */
export const VIEWS: Readonly<Record<string, View>> = {
  status: { title: "Status", View: onDemand(async () => (await operations()).Status) },
  logs: { title: "Log", View: onDemand(async () => (await operations()).Logs) },
};
