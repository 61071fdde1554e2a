import type { HandlerEntry } from "../../../common/schemas/catalog.ts";
import { download } from "../download.ts";
import { bytesToBase64 } from "../models/bytesToBase64.ts";
import { exportOutput } from "../models/exportOutput.ts";
import { valuesOf } from "../models/outputModel.ts";
import { isWhole, type OutputView, outputViews } from "../models/outputViews.ts";
import type { RunModel } from "../models/runModel.ts";
import { isUnderWay } from "../models/runState.ts";
import { CopyButton } from "./CopyButton.tsx";
import { OutputBody } from "./OutputBody.tsx";

/** What a run gave so far, in the way that suits it or was chosen, and ways to take it along. */
export const Output = ({ run, entry }: { run: RunModel; entry: HandlerEntry }) => {
  const chosen = run.view.value;
  const state = run.state.value;
  const output = run.output.value;
  const shape = output.shape.value;
  const { first, end } = output.kept.value;
  // Of a failure the error says it all.
  if (state.at === "idle" || (end === 0 && "error" in state)) return null;

  const schema = entry.output;
  const isOne = end === 1 && !run.isList.value;
  const views = outputViews(shape, { schema, isOne: !entry.streams && isOne });
  const view = chosen && views.includes(chosen) ? chosen : views[0]!;
  const exported = () => {
    output.flush();
    const columns = shape.kind === "table" ? shape.columns : [];
    const values = valuesOf(output.kept.peek());
    return exportOutput(values, { view, columns, isWhole: isWhole(schema), isOne });
  };
  const copied = (): string => {
    const { parts } = exported();
    return view === "Bytes" ? bytesToBase64(parts as Uint8Array[]) : parts.join("");
  };

  return (
    <section class="output" aria-label={`Output of ${entry.title ?? entry.type}`}>
      <div class="head">
        <h3>Output</h3>
        {end > 1 && <small>{counted(first, end)}</small>}
        {end > 0 && (
          <div class="buttons">
            {views.length > 1 && (
              <select
                class="small"
                aria-label="Show as"
                value={view}
                onChange={(event) => run.view.value = event.currentTarget.value as OutputView}
              >
                {views.map((one) => <option key={one}>{one}</option>)}
              </select>
            )}
            <CopyButton class="small" text={copied} />
            <button
              type="button"
              class="small"
              onClick={() => {
                const file = exported();
                download(`${entry.type}.${file.extension}`, file);
              }}
            >
              Download
            </button>
          </div>
        )}
      </div>
      {end === 0
        ? <p class="quiet">{isUnderWay(state) ? "Nothing yet." : "No output."}</p>
        : <OutputBody key={output} output={output} view={view} entry={entry} />}
    </section>
  );
};

const counted = (dropped: number, total: number): string =>
  `${total.toLocaleString("en")} values` +
  (dropped === 0 ? "" : `; the first ${dropped.toLocaleString("en")} were dropped`);
