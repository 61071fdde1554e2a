import { CopyButton } from "./CopyButton.tsx";

const COMMANDS = ["deno task new hello", "bun run new hello"];

/** What is shown while there is no plugin: how to make one. */
export const NoPlugins = () => (
  <section class="empty">
    <h2>No plugins yet</h2>
    <p>Make one, and it appears here:</p>
    {COMMANDS.map((command) => (
      <p key={command}>
        <code>{command}</code> <CopyButton label={`Copy ${command}`} text={() => command} />
      </p>
    ))}
  </section>
);
