import { SHORTCUTS } from "../models/shortcuts.ts";
import { Dialog } from "./Dialog.tsx";

/** What the keys do. */
export const Shortcuts = ({ onClose }: { onClose(): void }) => (
  <Dialog label="Shortcuts" onClose={onClose}>
    <h2>Shortcuts</h2>
    <dl class="keys">
      {SHORTCUTS.map(([keys, what]) => (
        <div key={keys}>
          <dt>
            <kbd>{keys}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
    <button type="button" onClick={onClose}>Close</button>
  </Dialog>
);
