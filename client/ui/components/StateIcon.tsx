import type { RunState } from "../models/runState.ts";

const PATHS: Record<RunState["at"], string> = {
  idle: "M5 8h6",
  queued: "M8 4v4l3 2M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13",
  running: "M4.5 2.5v11l9-5.5z",
  succeeded: "M2.5 8.5l4 4 7-9",
  failed: "M3.5 3.5l9 9m0-9l-9 9",
  cancelled: "M3.5 3.5h9v9h-9z",
  "timed out": "M4 2h8M4 14h8M5 2c0 6 6 6 6 12M11 2c0 6-6 6-6 12",
  lost: "M6 5.5a2.2 2.2 0 1 1 3 2q-1 .6-1 2m0 2.4v.2",
};

/** A sign for where a run stands; the words beside it say it too. */
export const StateIcon = ({ at }: { at: RunState["at"] }) => (
  <svg class="state" data-at={at} viewBox="0 0 16 16" aria-hidden="true">
    <path d={PATHS[at]} />
  </svg>
);
