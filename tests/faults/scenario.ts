import type { RabbitMqNode } from "../../scripts/provision/rabbitMqNode.ts";
import type { Engine } from "../harness/startSystem.ts";
import type { Memory } from "./after.ts";
import type { Ledger } from "./ledger.ts";
import type { Records } from "./records.ts";
import type { FaultSystem, SystemOptions } from "./system.ts";

/** What a scenario works with. */
export type FaultContext = {
  engine: Engine;
  /** Whether this is the short form: fewer requests, shorter waits. */
  short: boolean;
  /** From 0 to below 1, decided by the seed alone. */
  random(): number;
  ledger: Ledger;
  /** Starts the processes; once in a scenario. */
  start(options?: SystemOptions): Promise<FaultSystem>;
  /** The node between the processes. @throws Error over the embedded engine */
  broker(): RabbitMqNode;
  /** Waits until memory has settled: what is used then is no growth. Gives what that is. */
  rebase(): Promise<Memory>;
  /** What handlers have recorded so far. */
  records(): Promise<Records>;
  /** Notes what does not hold; the row then counts as failed. */
  expect(holds: boolean, otherwise: string): void;
  /** Something worth a reader's while in the row. */
  note(text: string): void;
};

/** One fault, and what must be true of it. */
export type Scenario = {
  /** Its name in the table and for `--only`. */
  name: string;
  engines: readonly Engine[];
  /** Over which of them it is part of the short form. */
  short: readonly Engine[];
  /** Whether it hurts the broker itself: then it gets a node of its own. */
  hurtsBroker?: boolean;
  run(context: FaultContext): Promise<void>;
};
