import * as v from "valibot";
import { BrokenPlugin } from "../common/schemas/catalog.ts";

/** What the process of a plugin says to its worker, beside the ops of its link. */
export const HostMessage = v.variant("kind", [
  /** The file was read; the process waits to be told whether it may have the name. */
  v.object({ kind: v.literal("loaded"), name: v.string(), types: v.array(v.string()) }),
  /** The file did not load; the process ends. */
  v.object({ kind: v.literal("broken"), broken: BrokenPlugin }),
  v.object({ kind: v.literal("serving") }),
  /** It answers, and takes so many bytes of memory. */
  v.object({ kind: v.literal("pong"), rss: v.number() }),
]);
export type HostMessage = v.InferOutput<typeof HostMessage>;

/** What a worker says to the process of a plugin. */
export const WorkerMessage = v.variant("kind", [
  v.object({ kind: v.literal("serve") }),
  v.object({ kind: v.literal("ping") }),
]);
export type WorkerMessage = v.InferOutput<typeof WorkerMessage>;
