import { withMod } from "../models/shortcuts.ts";

const SHORTCUTS = [
  [withMod("K"), "Find a handler or a view"],
  [withMod("Enter"), "Run the form, from any field"],
  ["?", "Show this list"],
  ["Esc", "Close what is open"],
];

/** What the keys do. */
export const Shortcuts = ({ onClose }: { onClose(): void }) => (
  <>
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
  </>
);
