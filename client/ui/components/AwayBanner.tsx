import { useMemo } from "preact/hooks";
import { describeLoss } from "../models/describeLoss.ts";
import type { PageModel } from "../models/pageModel.ts";
import { useNow } from "./useNow.ts";

/** Since when there is no connection, and how long there is hope for what runs. */
export const AwayBanner = ({ page: { catalog, underWay } }: { page: PageModel }) => {
  const since = useMemo(() => performance.now(), []);
  const now = useNow(true, 250);
  const runs = [...underWay.value.values()].flat();
  const until = Math.min(
    since + catalog.gateway.value.resumeMs,
    ...runs.map(({ deadline }) => deadline.value),
  );
  return (
    <div class="banner">
      <strong role="alert">No connection to the gateway; trying again.</strong>{" "}
      {describeLoss(runs.length, until - now)}{" "}
      <span class="quiet">
        Away for {Math.floor((now - since) / 1_000)} s.
      </span>
    </div>
  );
};
