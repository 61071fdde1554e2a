import type { ConfirmChannel } from "amqplib";
import type { Logger } from "../logger.ts";
import type { FrameSender } from "./frameSender.ts";
import type { KeepChannelOptions, KeptChannel } from "./keepChannel.ts";
import type { Outbox } from "./outbox.ts";
import type { RequestPublisher } from "./requestPublisher.ts";

/** What the sides of the bus are made of. */
export type Parts = {
  /** Keeps a channel of the consuming connection; resolves when it was set up. */
  keep(options: Omit<KeepChannelOptions, "log">): Promise<KeptChannel>;
  /** Opens one for a single use, on the same connection. */
  openChannel(): Promise<ConfirmChannel>;
  publisher: RequestPublisher;
  outbox: Outbox;
  /** Frames leave by it, through the outbox. */
  frames: FrameSender;
  log: Logger;
  /** Counts what is worth a metric, such as `unparsable_frame`. */
  count(what: string): void;
};
