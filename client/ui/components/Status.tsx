import { useEffect, useState } from "preact/hooks";
import type { Sample } from "../../../common/schemas/topics.ts";
import { errorShare, numberText, rateOf, shareText, tookText } from "../models/figures.ts";
import type { PageModel } from "../models/pageModel.ts";
import { createStatusModel, MAX_SAMPLES } from "../models/statusModel.ts";
import { StatusFacts } from "./StatusFacts.tsx";
import { type Trend, TrendChart } from "./TrendChart.tsx";
import { TypesTable } from "./TypesTable.tsx";
import { WorkersTable } from "./WorkersTable.tsx";

const SAMPLE_MS = 5_000;

/** How the gateway and its workers are, and were in the last 15 minutes. */
export const Status = ({ page }: { page: PageModel }) => {
  const [model] = useState(() => createStatusModel(page.socket));
  useEffect(() => model.dispose, []);
  const { catalog, connection } = page.catalog;
  const status = model.status.value;
  const samples = model.samples.value;
  const isConnected = connection.value.at === "ready";
  return (
    <article class="operations">
      <a class="back" href="#/">All plugins</a>
      <h2>Status</h2>
      {!isConnected && (
        <p role="status">There is no connection: what is shown is from before it was lost.</p>
      )}
      <WorkersTable workers={catalog.value?.workers} />
      <section aria-label="Gateway">
        <h3>Gateway</h3>
        {status ? <StatusFacts status={status} /> : <p class="quiet">Waiting for the figures…</p>}
      </section>
      <div class="trends">
        {trendsOf(samples).map((trend) => (
          <TrendChart key={trend.title} {...trend} slots={MAX_SAMPLES} sampleMs={SAMPLE_MS} />
        ))}
      </div>
      {status && <TypesTable types={status.types} others={status.others} />}
      <p class="hint">
        Times are from when the gateway takes a request to its last frame, also of streams, and at
        most 9 % off. What was cancelled counts neither as an error nor in the times. What waits is
        asked of the bus while somebody looks at this page, and is of all gateways; over RabbitMQ,
        requests that were sent as one message count as one. The rest is of this gateway alone.
      </p>
    </article>
  );
};

const trendsOf = (samples: readonly Sample[]): Trend[] => {
  const line = (name: string, read: (sample: Sample) => number | undefined) => ({
    name,
    values: samples.map(read),
  });
  return [
    {
      title: "Requests per second",
      lines: [line("ended", rateOf), line("failed", ({ failed, ms }) => failed / (ms / 1_000))],
      format: numberText,
    },
    { title: "Error share", lines: [line("of those that ended", errorShare)], format: shareText },
    {
      title: "Time",
      lines: [
        ...[line("p50", ({ p50 }) => p50), line("p95", ({ p95 }) => p95)],
        line("p99", ({ p99 }) => p99),
      ],
      format: tookText,
    },
    {
      title: "Under way",
      lines: [
        ...[line("in flight", ({ inFlight }) => inFlight), line("waiting", ({ queued }) => queued)],
      ],
      format: numberText,
    },
  ];
};
