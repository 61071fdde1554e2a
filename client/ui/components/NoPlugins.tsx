import { CopiedCommand } from "./CopiedCommand.tsx";

/** What is shown while there is no plugin: how to make one. */
export const NoPlugins = ({ task }: { task: string }) => (
  <section class="empty">
    <h2>No plugins yet</h2>
    <p>Make one, and it appears here:</p>
    <CopiedCommand command={`${task} new hello`} />
  </section>
);
