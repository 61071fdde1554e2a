import { CopyButton } from "./CopyButton.tsx";

const COMMAND = "deno task worker";

/** What to do when nobody is there to run a request. */
export const StartWorker = ({ why }: { why: string }) => (
  <div class="start-worker">
    <p>{why} Start one:</p>
    <p>
      <code>{COMMAND}</code> <CopyButton label={`Copy ${COMMAND}`} text={() => COMMAND} />
    </p>
  </div>
);
