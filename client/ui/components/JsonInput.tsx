import type { FormModel } from "../models/formModel.ts";

/** The whole input as JSON. */
export const JsonInput = ({ form, id }: { form: FormModel; id: string }) => {
  const problems = form.jsonProblems.value;
  const text = form.json.value ?? "";
  return (
    <div class="field">
      <label for={`${id}-json`}>Input as JSON</label>
      <textarea
        id={`${id}-json`}
        class="json whole"
        rows={8}
        spellcheck={false}
        value={text}
        aria-describedby={problems.length > 0 ? `${id}-problems` : undefined}
        aria-invalid={problems.length > 0 ? "true" : undefined}
        onInput={(event) => form.editJson(event.currentTarget.value)}
      />
      {text.includes("⟨") && (
        <p class="hint">
          A text in ⟨ ⟩ stands for bytes or a secret, which JSON does not show: leave it as it is to
          keep them.
        </p>
      )}
      {problems.length > 0 && (
        <ul class="problems" id={`${id}-problems`}>
          {problems.map((problem) => <li key={problem}>{problem}</li>)}
        </ul>
      )}
    </div>
  );
};
