import type { Outcomes, Sample } from "../../../common/schemas/topics.ts";
import { formatElapsed } from "./formatElapsed.ts";

const NUMBER = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const COUNT = new Intl.NumberFormat("en");
/** What is shown where there is nothing to tell. */
export const NOTHING = "–";

/** A number of things: `12,304`. */
export const countText = (count: number | undefined): string =>
  count === undefined ? NOTHING : COUNT.format(count);

/** Three digits of a number: `12.3`, `0.04`; thousands in full. */
export const numberText = (value: number | undefined): string => {
  if (value === undefined) return NOTHING;
  return value >= 1_000 ? COUNT.format(Math.round(value)) : NUMBER.format(value);
};

/** A share between 0 and 1: `1.5 %`. */
export const shareText = (share: number | undefined): string =>
  share === undefined ? NOTHING : `${numberText(share * 100)} %`;

/** How long something took; what took less than 10 ms in two digits. */
export const tookText = (ms: number | undefined): string => {
  if (ms === undefined) return NOTHING;
  return ms < 10 ? `${Number(ms.toPrecision(2))} ms` : formatElapsed(ms);
};

/** How many came to an end, however. */
export const endedOf = ({ ok, failed, cancelled }: Outcomes): number => ok + failed + cancelled;

/** The share that failed of those that nobody cancelled. */
export const errorShare = ({ ok, failed }: Outcomes): number | undefined =>
  ok + failed === 0 ? undefined : failed / (ok + failed);

/** How many of a sample's came to an end in a second. */
export const rateOf = (sample: Sample): number => endedOf(sample) / (sample.ms / 1_000);
