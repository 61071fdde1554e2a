import type { Scenario } from "./scenario.ts";
import { bytes } from "./scenarios/bytes.ts";
import { chunks } from "./scenarios/chunks.ts";
import { embedded256 } from "./scenarios/embedded256.ts";
import { embeddedFairness, fairness } from "./scenarios/fairness.ts";
import { depth, sockets, types } from "./scenarios/growth.ts";
import { idle } from "./scenarios/idle.ts";
import { rabbitMq1 } from "./scenarios/rabbitMq1.ts";
import { rabbitMq256 } from "./scenarios/rabbitMq256.ts";
import { size } from "./scenarios/size.ts";
import { start } from "./scenarios/start.ts";
import { workers } from "./scenarios/workers.ts";

/** All of them, in the order of the table of goals. */
export const SCENARIOS: readonly Scenario[] = [
  rabbitMq256,
  rabbitMq1,
  embedded256,
  chunks,
  bytes,
  idle,
  types,
  sockets,
  depth,
  workers,
  fairness,
  embeddedFairness,
  start,
  size,
];
