import type { BenchModel } from "../models/benchModel.ts";
import { copyAs } from "../models/copyAs.ts";
import { CopyButton } from "./CopyButton.tsx";

/** Characters of an input that an address can be trusted to hold. */
const MAX_LINK = 8_000;

/** Gives what stands in the form to elsewhere. */
export const CopyAs = ({ bench, url, task }: { bench: BenchModel; url: string; task: string }) => {
  const entry = bench.entry.value;
  const json = bench.form.value.stored.value;
  const ways = Object.entries(copyAs)
    .filter(([name]) => name !== "Link" || json.length < MAX_LINK);
  return (
    <p class="copy-as quiet" role="group" aria-label="Copy as" title="Without secrets and files">
      Copy as {ways.map(([name, write]) => (
        <CopyButton
          key={name}
          label={`Copy as ${name}`}
          text={() => write({ entry, json, url, task })}
        >
          {name}
        </CopyButton>
      ))}
    </p>
  );
};
