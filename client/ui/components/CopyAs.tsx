import type { BenchModel } from "../models/benchModel.ts";
import { copyAs } from "../models/copyAs.ts";
import { CopyButton } from "./CopyButton.tsx";

/** Gives what stands in the form to elsewhere. */
export const CopyAs = ({ bench, url }: { bench: BenchModel; url: string }) => (
  <p class="copy-as quiet" role="group" aria-label="Copy as" title="Without secrets and files">
    Copy as {Object.entries(copyAs).map(([name, write]) => (
      <CopyButton
        key={name}
        label={`Copy as ${name}`}
        text={() =>
          write({ entry: bench.entry.peek(), json: bench.form.peek().stored.peek(), url })}
      >
        {name}
      </CopyButton>
    ))}
  </p>
);
