import { CopiedCommand } from "./CopiedCommand.tsx";

/** What to do when nobody is there to run a request. */
export const StartWorker = ({ why, task }: { why: string; task: string }) => (
  <div class="start-worker">
    <p>{why} Over RabbitMQ, this starts one:</p>
    <CopiedCommand command={`${task} worker`} />
  </div>
);
