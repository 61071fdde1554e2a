/** Holds a generator back until its reader will take another chunk. */
export type CreditGate = {
  /** Resolves when there is credit for another chunk, or when the gate was opened. */
  pass(): Promise<void>;
  /** A chunk was sent that took so much credit; it may be more than there was. */
  spend(cost: number): void;
  grant(n: number): void;
  /** Lets everything through: the request is over and its loop must see that. */
  open(): void;
};

/** Makes a gate with some credit. One loop at a time may wait at it. */
export const createCreditGate = (initial: number): CreditGate => {
  let credit = initial;
  let wake: (() => void) | undefined;

  const grant = (n: number): void => {
    credit += n;
    if (credit > 0) wake?.();
  };
  return {
    pass: async () => {
      while (credit <= 0) await new Promise<void>((resolve) => wake = resolve);
    },
    spend: (cost) => void (credit -= cost),
    grant,
    open: () => grant(Infinity),
  };
};
