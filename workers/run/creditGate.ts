/** Holds a generator back until its reader will take another chunk. */
export type CreditGate = {
  /** Resolves when there is credit for another chunk, or the gate was opened; nothing: there is. */
  pass(): Promise<void> | undefined;
  /** A chunk was sent that took so much credit; it may be more than there was. */
  spend(cost: number): void;
  /** All credit beyond the initial one, so far: what was said before changes nothing. */
  grant(total: number): void;
  /** Lets everything through: the request is over and its loop must see that. */
  open(): void;
};

/** Options of `createCreditGate`. */
export type CreditGateOptions = {
  /** How long a loop may wait while no credit comes at all, in milliseconds. */
  stallMs: number;
  /** Called when it has waited so long; the loop goes on waiting until the gate is opened. */
  onStall(): void;
};

/** Makes a gate with some credit. One loop at a time may wait at it. */
export const createCreditGate = (
  initial: number,
  { stallMs, onStall }: CreditGateOptions,
): CreditGate => {
  let credit = initial;
  let granted = 0;
  let wake: (() => void) | undefined;
  let stall: ReturnType<typeof setTimeout> | undefined;

  const arm = (): void => {
    clearTimeout(stall);
    stall = setTimeout(onStall, stallMs);
  };

  const grant = (total: number): void => {
    if (total <= granted) return;
    credit += total - granted;
    granted = total;
    if (credit > 0) wake?.();
    // Not enough for a large chunk that went on trust, but a sign of life.
    else if (wake) arm();
  };
  const waitForCredit = async (): Promise<void> => {
    arm();
    await new Promise<void>((resolve) => wake = resolve);
    wake = undefined;
    clearTimeout(stall);
  };

  return {
    pass: () => credit > 0 ? undefined : waitForCredit(),
    spend: (cost) => void (credit -= cost),
    grant,
    open: () => grant(Infinity),
  };
};
