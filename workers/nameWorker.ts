import { hostname } from "node:os";
import { createId } from "../common/ids.ts";

/** A name for the worker of this process that no other worker on a bus has. */
export const nameWorker = (): string => `${hostname()}-${process.pid}-${createId().slice(0, 4)}`;
