import type { Scenario } from "./scenario.ts";
import { brokerAlarm } from "./scenarios/brokerAlarm.ts";
import { brokerKill, brokerKillOnce } from "./scenarios/brokerKill.ts";
import { clocks } from "./scenarios/clocks.ts";
import { confirmSwallowed } from "./scenarios/confirmSwallowed.ts";
import { doubleAck } from "./scenarios/doubleAck.ts";
import { fourCuts } from "./scenarios/fourCuts.ts";
import { gatewayKill } from "./scenarios/gatewayKill.ts";
import { legs } from "./scenarios/legs.ts";
import { crash, exit, lateThrow, leak, loop } from "./scenarios/neighbours.ts";
import { poison } from "./scenarios/poison.ts";
import { queueDeleted } from "./scenarios/queueDeleted.ts";
import { replaceAlone } from "./scenarios/replaceAlone.ts";
import { rollingRestart, workersRestart } from "./scenarios/rollingRestart.ts";
import { slowReader } from "./scenarios/slowReader.ts";
import { streamKill } from "./scenarios/streamKill.ts";
import { tooLarge } from "./scenarios/tooLarge.ts";
import { wander } from "./scenarios/wander.ts";
import { workerKill, workerKillOnce } from "./scenarios/workerKill.ts";
import { workerStop } from "./scenarios/workerStop.ts";

/** Every scenario, in the order they run. */
export const SCENARIOS: readonly Scenario[] = [
  workerKill,
  workerKillOnce,
  streamKill,
  workerStop,
  loop,
  leak,
  lateThrow,
  crash,
  exit,
  poison,
  brokerKill,
  brokerKillOnce,
  brokerAlarm,
  tooLarge,
  queueDeleted,
  doubleAck,
  confirmSwallowed,
  clocks,
  ...legs,
  fourCuts,
  gatewayKill,
  wander,
  rollingRestart,
  replaceAlone,
  workersRestart,
  slowReader,
];
