/** A two-way road for ops between a member and the broker, in order, without loss while it stands. */
export type Link = {
  /** Both ends are ours and in one process, so that what arrives is what the other end made. */
  readonly isLocal?: boolean;
  send(op: unknown): void;
  /** Sets who takes what arrives; what came before waits for it. */
  open(listener: { onOp(op: unknown): void; onClose(): void }): void;
  /** Resolves when all that was sent before is on its way: the process may end then. */
  close(): Promise<void>;
};
