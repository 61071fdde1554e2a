import type { TargetedEvent } from "preact";
import type { BenchModel } from "../models/benchModel.ts";
import { isUnderWay } from "../models/runState.ts";
import { FieldRow } from "./FieldRow.tsx";

/** The form of a handler's input; its button runs, and cancels what runs. */
export const InputForm = ({ bench }: { bench: BenchModel }) => {
  const { fields } = bench.form.value;
  const underWay = isUnderWay(bench.run.state.value);

  const onSubmit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const [first] = bench.start();
    const element = first && event.currentTarget.elements.namedItem(first);
    if (element instanceof HTMLElement) element.focus();
  };

  // One element for both, so that the focus stays on it. Its default is prevented because by then
  // it may be a submit button again; the second half of a double click on Run is not meant for it.
  const onCancel = (event: MouseEvent): void => {
    event.preventDefault();
    if (event.detail < 2) bench.run.cancel();
  };

  return (
    <form noValidate aria-label="Input" onSubmit={onSubmit}>
      {fields.length === 0 && <p class="quiet">It takes no input.</p>}
      {fields.map((field) => <FieldRow key={field.id} model={field} />)}
      <div class="actions">
        <button
          class="run"
          type={underWay ? "button" : "submit"}
          aria-keyshortcuts={underWay ? undefined : "Control+Enter Meta+Enter"}
          onClick={underWay ? onCancel : undefined}
        >
          {underWay ? "Cancel" : "Run"}
        </button>
        {!underWay && <span class="quiet" aria-hidden="true">or Ctrl + Enter</span>}
      </div>
    </form>
  );
};
