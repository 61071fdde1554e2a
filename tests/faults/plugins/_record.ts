import { appendFileSync } from "node:fs";
import process from "node:process";
import type { HandlerContext } from "plugboard";

/** Writes a line to the file `FAULTS_RECORD` names, at once: the next thing may be a SIGKILL. */
export const record = (
  event: "start" | "abort" | "end",
  key: string,
  { attempt }: Pick<HandlerContext, "attempt">,
): void => {
  const file = process.env.FAULTS_RECORD;
  // One short write in append mode is not torn by those of other processes.
  if (file) appendFileSync(file, `${event} ${key} ${attempt} ${process.pid}\n`);
};
