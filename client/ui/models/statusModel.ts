import { type ReadonlySignal, signal } from "@preact/signals";
import type { Sample, Status } from "../../../common/schemas/topics.ts";
import type { WebsocketClient } from "../../websocketClient.ts";
import { watchTopic } from "./watchTopic.ts";

/** Samples of 15 minutes. */
export const MAX_SAMPLES = 180;

/** How the gateway is, and was, while somebody looks. */
export type StatusModel = {
  /** The newest that is known; it stays while the connection is away. */
  readonly status: ReadonlySignal<Status | undefined>;
  /** The samples of its last 15 minutes. */
  readonly samples: ReadonlySignal<readonly Sample[]>;
  dispose(): void;
};

/** Watches the gateway's status until `dispose`. */
export const createStatusModel = (socket: WebsocketClient): StatusModel => {
  const status = signal<Status | undefined>();
  const samples = signal<readonly Sample[]>([]);
  let next = 0;

  const take = (told: Status): void => {
    const goesOn = told.gateway === status.peek()?.gateway && told.first === next;
    samples.value = [...(goesOn ? samples.peek() : []), ...told.samples].slice(-MAX_SAMPLES);
    next = told.first + told.samples.length;
    status.value = told;
  };

  const dispose = watchTopic(socket, "status", {
    onTold: take,
  });
  return { status, samples, dispose };
};
