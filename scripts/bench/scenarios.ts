import type { Scenario } from "./scenario.ts";
import { rabbitMq256 } from "./scenarios/rabbitMq256.ts";

/** All of them, in the order of the table of goals. */
export const SCENARIOS: readonly Scenario[] = [
  rabbitMq256,
];
