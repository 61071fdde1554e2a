import type { BrokenPlugin } from "../../../common/schemas/catalog.ts";

/** The plugin files that did not load, and why. */
export const BrokenFiles = ({ broken }: { broken: BrokenPlugin[] }) => (
  <section class="broken" aria-label="Broken files">
    <h2>{broken.length === 1 ? "1 file" : `${broken.length} files`} did not load</h2>
    <ul>
      {broken.map(({ file, line, message }) => (
        <li key={file}>
          <code>{line === undefined ? file : `${file}:${line}`}</code>
          <p>{message}</p>
        </li>
      ))}
    </ul>
  </section>
);
