import type { PageModel } from "../models/pageModel.ts";
import { onDemand } from "./onDemand.tsx";

const AwayBanner = onDemand(({ AwayBanner }) => AwayBanner);

/** Is there while a connection that there was is away. */
export const ConnectionBanner = ({ page }: { page: PageModel }) => {
  const state = page.catalog.connection.value;
  const isAway = state.at === "connecting" && state.reason !== undefined;
  return isAway ? <AwayBanner page={page} /> : null;
};
