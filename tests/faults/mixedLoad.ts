import type { LedgerClient } from "./ledger.ts";
import { pace } from "./pace.ts";
import type { FaultContext } from "./scenario.ts";

/** Options of `mixedLoad`. */
export type MixedLoadOptions = {
  count: number;
  perSecond: number;
  /** Milliseconds each takes in its handler. Default 100. */
  ms?: number;
  /** Milliseconds to its deadline. Default 20 s. */
  timeoutMs?: number;
  /** Called with the number of each request before it is made. */
  before?(n: number): unknown;
};

/** Sends requests in turn of an idempotent type and of one that is not; waits for all outcomes. */
export const mixedLoad = async (
  { ledger }: Pick<FaultContext, "ledger">,
  client: LedgerClient,
  { count, perSecond, ms = 100, timeoutMs = 20_000, before = () => {} }: MixedLoadOptions,
): Promise<void> => {
  await pace({ count, perSecond }, (n) => {
    before(n);
    const type = n % 2 === 0 ? "steady.work" : "steady.workOnce";
    void client.once(type, { payload: { ms }, options: { timeoutMs } });
  });
  await ledger.settled();
};

/**
 * Expects that nothing idempotent has failed, and the rest only with the codes given: a crash may
 * cost those that must not run twice, and nothing else.
 */
export const expectMixed = (
  { ledger, expect }: Pick<FaultContext, "ledger" | "expect">,
  onceMay: readonly string[],
): void => {
  const failed = ledger.outcomes.filter(({ code }) => code !== "ok");
  const mayFail = ({ type, code }: { type: string; code: string }) =>
    type.endsWith("Once") && onceMay.includes(code);
  const wrong = failed.filter((outcome) => !mayFail(outcome));
  const example = wrong[0];
  expect(
    example === undefined,
    `${wrong.length} should not have failed so, such as ${example?.type} with ` +
      `${example?.code}: ${example?.message}`,
  );
};
