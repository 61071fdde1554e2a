import { estimateRemaining } from "../models/estimateRemaining.ts";
import { formatElapsed } from "../models/formatElapsed.ts";
import type { Progress } from "../models/runModel.ts";

/** How far a run is, as far as it says. */
export const RunProgress = ({ progress }: { progress: Progress | undefined }) => {
  if (!progress) return null;
  const { fraction, message, afterMs } = progress;
  const percent = fraction === undefined ? undefined : Math.floor(fraction * 100);
  const remaining = estimateRemaining(fraction, afterMs);
  return (
    <div class="progress">
      <div
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={message && [percent === undefined ? "" : `${percent} %`, message].join(" ")}
      >
        <div style={{ width: percent === undefined ? undefined : `${percent}%` }} />
      </div>
      {percent !== undefined && <span>{percent} %</span>}
      {remaining !== undefined && <span>about {formatElapsed(remaining)} left</span>}
      {message && <span>{message}</span>}
    </div>
  );
};
