import type { ComponentChild } from "preact";
import type { Outcomes, TypeStatus } from "../../../common/schemas/topics.ts";
import { countText, endedOf, errorShare, shareText, tookText } from "../models/figures.ts";

const HEADINGS = ["Request type", "Ended", "Errors", "p50", "p95", "p99", "Waiting"];

/** The last 15 minutes by request type. */
export const TypesTable = (
  { types, others }: { types: TypeStatus[]; others: Outcomes | undefined },
) => (
  <section aria-label="Request types">
    <h3>
      By request type <small>last 15 minutes</small>
    </h3>
    {types.length === 0 && !others
      ? <p class="quiet">No request has ended yet.</p>
      : (
        <div class="scroller" tabIndex={0} role="region" aria-label="Request types, table">
          <table class="figures">
            <thead>
              <tr>{HEADINGS.map((heading) => <th key={heading} scope="col">{heading}</th>)}</tr>
            </thead>
            <tbody>
              {types.map(({ type, codes, queued, ...outcomes }) => (
                <Row key={type} name={<code>{type}</code>} {...{ codes, queued, outcomes }} />
              ))}
              {others && <Row name="all others" outcomes={others} />}
            </tbody>
          </table>
        </div>
      )}
  </section>
);

type RowProps = {
  name: ComponentChild;
  outcomes: Outcomes;
  codes?: Record<string, number>;
  queued?: number;
};

const Row = ({ name, outcomes, codes = {}, queued }: RowProps) => {
  const failures = Object.entries(codes).sort(([, one], [, two]) => two - one);
  const { cancelled, p50, p95, p99 } = outcomes;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        {countText(endedOf(outcomes))}{" "}
        {cancelled > 0 && <small>{countText(cancelled)} cancelled</small>}
      </td>
      <td>
        {shareText(errorShare(outcomes))}{" "}
        {failures.map(([code, n]) => <small key={code}>{code} {countText(n)}</small>)}
      </td>
      {[p50, p95, p99].map((ms, index) => <td key={index}>{tookText(ms)}</td>)}
      <td>{countText(queued)}</td>
    </tr>
  );
};
