/** Holds a generator back until its reader will take another chunk. */
export type CreditGate = {
  /** Resolves when one chunk may be sent (that credit is spent), or when the gate was opened. */
  take(): Promise<void>;
  grant(n: number): void;
  /** Lets everything through: the request is over and its loop must see that. */
  open(): void;
};

/** Makes a gate with some credit. One loop at a time may wait at it. */
export const createCreditGate = (initial: number): CreditGate => {
  let credit = initial;
  let wake: (() => void) | undefined;

  const take = async (): Promise<void> => {
    if (credit <= 0) await new Promise<void>((resolve) => wake = resolve);
    credit--;
  };
  const grant = (n: number): void => {
    credit += n;
    if (credit > 0) wake?.();
  };
  return { take, grant, open: () => grant(Infinity) };
};
