import { CopyButton } from "./CopyButton.tsx";

/** A command for a terminal, and a way to take it there. */
export const CopiedCommand = ({ command }: { command: string }) => (
  <p>
    <code>{command}</code> <CopyButton label={`Copy ${command}`} text={() => command} />
  </p>
);
