import type { ComponentChildren } from "preact";
import type { Status } from "../../../common/schemas/topics.ts";
import {
  countText,
  endedOf,
  errorShare,
  numberText,
  shareText,
  tookText,
} from "../models/figures.ts";
import { formatElapsed } from "../models/formatElapsed.ts";

const MINUTE_S = 60;

/** What a gateway does now, in figures; rates, shares and times are of its last minute. */
export const StatusFacts = ({ status }: { status: Status }) => {
  const { gateway, uptimeMs, peers, clients, inFlight, queued, lastMinute } = status;
  const seconds = Math.min(MINUTE_S, uptimeMs / 1_000);
  return (
    <>
      <p class="quiet">
        <code title={gateway}>{gateway.slice(0, 8)}</code>, up for {formatElapsed(uptimeMs)}
        {peers > 0 && `; ${peers === 1 ? "one other gateway has" : `${peers} others have`} `}
        {peers > 0 && "figures of their own"}
      </p>
      <dl class="facts-grid">
        <Fact name="Requests" hint="per second">{numberText(endedOf(lastMinute) / seconds)}</Fact>
        <Fact name="Errors" hint="last minute">{shareText(errorShare(lastMinute))}</Fact>
        <Fact name="p50" hint="last minute">{tookText(lastMinute.p50)}</Fact>
        <Fact name="p95" hint="last minute">{tookText(lastMinute.p95)}</Fact>
        <Fact name="p99" hint="last minute">{tookText(lastMinute.p99)}</Fact>
        <Fact name="In flight" hint="now">{countText(inFlight)}</Fact>
        <Fact name="Waiting" hint="for a worker">{countText(queued)}</Fact>
        <Fact name="Clients" hint="connected">{countText(clients)}</Fact>
      </dl>
    </>
  );
};

type FactProps = { name: string; hint: string; children: ComponentChildren };

const Fact = ({ name, hint, children }: FactProps) => (
  <div>
    <dt>
      {name} <small>{hint}</small>
    </dt>
    <dd>{children}</dd>
  </div>
);
