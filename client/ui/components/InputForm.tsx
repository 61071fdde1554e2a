import type { TargetedEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { BenchModel } from "../models/benchModel.ts";
import { isUnderWay } from "../models/runState.ts";
import { withMod } from "../models/shortcuts.ts";
import { FieldView, ObjectFields } from "./FieldView.tsx";
import { InputTools } from "./InputTools.tsx";
import { onDemand } from "./onDemand.tsx";

const JsonInput = onDemand(({ JsonInput }) => JsonInput);

/** The form of a handler's input; its button runs, and cancels what runs. */
export const InputForm = ({ bench }: { bench: BenchModel }) => {
  const form = bench.form.value;
  const { root, json } = form;
  const { body } = root;
  const { title, type } = bench.entry.value;
  const state = bench.run.state.value;
  const underWay = isUnderWay(state);
  const element = useRef<HTMLFormElement>(null);

  // To the first field that the worker refuses, unless whoever waited is elsewhere by now.
  useEffect(() => {
    const active = (element.current?.getRootNode() as Document | undefined)?.activeElement;
    const isHere = !active || active === document.body || element.current?.contains(active);
    if (state.at === "failed" && isHere) focusFirstProblem(element.current);
  }, [state.at]);

  const onSubmit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!bench.start()) setTimeout(() => focusFirstProblem(element.current)); // Once it is drawn.
  };

  // One element for both, so that the focus stays on it. Its default is prevented because by then
  // it may be a submit button again; the second half of a double click on Run is not meant for it.
  const onCancel = (event: MouseEvent): void => {
    event.preventDefault();
    if (event.detail < 2) bench.run.cancel();
  };

  const isPlain = body.kind === "object" && !root.misfit.value;
  const takesNothing = isPlain && root.field.control.kind === "object" &&
    root.field.control.fields().length === 0;
  return (
    // Where several are in one page, each is called by what it is for.
    <form
      noValidate
      aria-label={`Input of ${title ?? type}`}
      ref={element}
      onSubmit={onSubmit}
      onDragOver={refuseDrop}
      onDrop={refuseDrop}
    >
      {takesNothing ? <p class="quiet">It takes no input.</p> : <InputTools input={bench.input} />}
      {json.value !== undefined
        ? <JsonInput form={form} id={root.id} />
        : isPlain
        ? <ObjectFields body={body} />
        : <FieldView model={root} />}
      <div class="actions">
        <button
          class="run"
          type={underWay ? "button" : "submit"}
          aria-keyshortcuts={underWay ? undefined : "Control+Enter Meta+Enter"}
          onClick={underWay ? onCancel : undefined}
        >
          {underWay ? "Cancel" : "Run"}
        </button>
        {!underWay && <span class="quiet" aria-hidden="true">or {withMod("Enter")}</span>}
      </div>
    </form>
  );
};

/** A file dropped beside its field would else be opened in place of the page. */
const refuseDrop = (event: Event): void => event.preventDefault();

const focusFirstProblem = (form: HTMLElement | null): void =>
  form?.querySelector<HTMLElement>("[aria-invalid], [data-invalid]")?.focus();
