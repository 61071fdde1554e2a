import type { ComponentType } from "preact";
import type { PageModel } from "../models/pageModel.ts";
import type { viewTitles } from "../models/viewTitles.ts";
import { onDemand } from "./onDemand.tsx";

type View = ComponentType<{ page: PageModel }>;

const known: Record<keyof typeof viewTitles, View> = {
  status: onDemand(({ Status }) => Status),
  logs: onDemand(({ Logs }) => Logs),
};

/** What is shown beside handlers, by the name in its address. */
export const VIEWS: Readonly<Record<string, View>> = known;
